from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "khue.base.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"
