from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "khue.base.catalog"
    label = "catalog"
    verbose_name = "Danh mục"
