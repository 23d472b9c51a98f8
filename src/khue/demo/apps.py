from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "khue.demo"
    label = "demo"
    verbose_name = "Bản trình diễn"
