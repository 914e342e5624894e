from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "primum.screening"
    label = "screening"
