from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "primum.publishing"
    label = "publishing"
