from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "khue.school.intake"
    label = "intake"
    verbose_name = "Nhập tệp"

    def ready(self) -> None:
        from khue.base.access.menu import MenuItem, add

        add(
            MenuItem(
                "Nhập tệp Excel",
                "table-import",
                "imports",
                "intake.sheets:write",
                210,
                "Dữ liệu",
                dock=True,
                guide="van-thu-nhap-tep",
            )
        )
