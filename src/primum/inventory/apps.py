from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "primum.inventory"
    label = "inventory"
