<?php
// Sets up a WordPress that lies in the folder given: `php wordpress.php FOLDER ADDRESS`. Prints an author's application password as JSON.
[$_, $folder, $address] = $argv;
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url($address, PHP_URL_HOST) . ':' . parse_url($address, PHP_URL_PORT);
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
require "$folder/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
ob_start();
wp_install('Wrenfield News', 'keeper', 'keeper@wrenfield.example', true, '', bin2hex(random_bytes(12)));
update_option('siteurl', $address);
update_option('home', $address);
$user = wp_insert_user(['user_login' => 'primum', 'user_pass' => bin2hex(random_bytes(12)), 'user_email' => 'primum@wrenfield.example', 'role' => 'author']);
$reader = wp_insert_user(['user_login' => 'reader', 'user_pass' => bin2hex(random_bytes(12)), 'user_email' => 'reader@wrenfield.example', 'role' => 'subscriber']);
[$password] = WP_Application_Passwords::create_new_application_password($user, ['name' => 'primum']);
[$weak] = WP_Application_Passwords::create_new_application_password($reader, ['name' => 'primum']);
ob_end_clean();
echo json_encode(['password' => $password, 'weak' => $weak, 'version' => get_bloginfo('version')]), "\n";
