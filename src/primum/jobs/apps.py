from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "primum.jobs"
    label = "jobs"

    def ready(self) -> None:
        from primum.foundation.jobs import know
        from primum.jobs.names import NAMES

        know(set(NAMES))
