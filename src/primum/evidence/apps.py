from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "primum.evidence"
    label = "evidence"
