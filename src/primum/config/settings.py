"""The one settings file. What may be set stands in docs/reference/settings.md; a test compares the two."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from primum.config import environment
from primum.config.database import database_settings
from primum.foundation.home import Home


@dataclass(frozen=True)
class PrimumSettings:
    """What is ours, as opposed to Django's: `settings.PRIMUM`."""

    home: Home
    demo: bool
    late_minutes: int
    lease_seconds: int
    worker_silent_minutes: int
    checkpoint_every: int
    heads_to: tuple[str, ...]


PRIMUM = PrimumSettings(
    home=Home(Path(environment.text("PRIMUM_HOME", "var")).resolve()),
    demo=environment.flag("PRIMUM_DEMO"),
    late_minutes=environment.number("PRIMUM_LATE_MINUTES", 10),
    lease_seconds=environment.number("PRIMUM_LEASE_SECONDS", 60),
    worker_silent_minutes=environment.number("PRIMUM_WORKER_SILENT_MINUTES", 5),
    checkpoint_every=256,
    heads_to=tuple(filter(None, (part.strip() for part in environment.text("PRIMUM_HEADS_TO", "").split(",")))),
)
PRIMUM.home.create()

PUBLIC_URL = environment.text("PRIMUM_PUBLIC_URL", "http://localhost:8000")
IS_HTTPS = PUBLIC_URL.startswith("https://")
SECRET_KEY = PRIMUM.home.read_key("django.secret")
DEBUG = False
ALLOWED_HOSTS = [*filter(None, environment.text("PRIMUM_HOSTS", "localhost,127.0.0.1").split(","))]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if IS_HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "primum.evidence",
    "primum.people",
    "primum.inventory",
    "primum.screening",
    "primum.publishing",
    "primum.jobs",
    "primum.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "primum.web.middleware.PrivateResponseMiddleware",
    "primum.web.middleware.AccessMiddleware",
]
ROOT_URLCONF = "primum.config.urls"
WSGI_APPLICATION = "primum.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent.parent / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "primum.web.shell.shell",
            ]
        },
    }
]

DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "primum_cache"}}

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# People and pages: reliability.md's promises in Django's words.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email",)}},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "primum.people.sign_in.AccountAdapter"
MFA_ADAPTER = "primum.people.sign_in.MfaAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 8 * 3600
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
MFA_TOTP_ISSUER = "Primum"
USERSESSIONS_TRACK_ACTIVITY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-primum" if IS_HTTPS else "primum"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_NAME = "__Host-primum-csrf" if IS_HTTPS else "primum-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "primum.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("PRIMUM_BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 24 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 24 * 1024 * 1024  # uploads never touch the disk: they may show a patient
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# Mail: never with PHI. Without a host, mail is counted and dropped, and the Settings page says so.
EMAIL_HOST = environment.text("PRIMUM_SMTP_HOST", "")
EMAIL_PORT = environment.number("PRIMUM_SMTP_PORT", 587)
EMAIL_HOST_USER = environment.text("PRIMUM_SMTP_USER", "")
EMAIL_HOST_PASSWORD = environment.text("PRIMUM_SMTP_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("PRIMUM_SMTP_STARTTLS", True)
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = environment.text("PRIMUM_MAIL_FROM", "primum@localhost")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "procrastinate_tasks_unused"
PROCRASTINATE_IMPORT_PATHS = ["primum.jobs.handlers"]
LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS: list[str] = [] if IS_HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016", "security.W021", "security.W005"]
