from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "khue.base.org"
    label = "org"
    verbose_name = "Tổ chức"
