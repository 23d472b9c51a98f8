from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "khue.school.assessment"
    label = "assessment"
    verbose_name = "Đánh giá học sinh"

    def ready(self) -> None:
        from . import navigation  # noqa: F401
