from django.urls import path

from . import views

urlpatterns = [
    path("kiem-tra/", views.checks, name="checks"),
    path("kiem-tra/tai/", views.checks_file, name="checks-file"),
    path("kiem-tra/<slug:subject>/<slug:key>/", views.checks_rule, name="checks-rule"),
    path("kiem-tra/<slug:subject>/<slug:key>/<int:pk>/", views.checks_mend, name="checks-mend"),
]
