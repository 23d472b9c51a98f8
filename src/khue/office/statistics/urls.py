from django.urls import path

from . import views

urlpatterns = [
    path("dem/", views.counts, name="counts"),
    path("dem/ten/", views.counts_names, name="counts-names"),
    path("dem/dieu-kien/", views.counts_conditions, name="counts-conditions"),
    path("dem/tai/", views.counts_file, name="counts-file"),
]
