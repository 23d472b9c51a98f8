from django.urls import path

from . import views

urlpatterns = [
    path("", views.start, name="start"),
    path("ca-nhan/", views.account, name="account"),
]
