from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "primum.people"
    label = "people"

    def ready(self) -> None:
        from primum.people import receivers  # noqa: F401 - connects allauth's signals
