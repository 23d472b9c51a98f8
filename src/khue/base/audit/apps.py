from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "khue.base.audit"
    label = "audit"
    verbose_name = "Nhật ký"
