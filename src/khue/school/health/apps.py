from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "khue.school.health"
    label = "health"
    verbose_name = "Sức khỏe học sinh"
