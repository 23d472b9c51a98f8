from django.urls import path

from .views import sheets

urlpatterns = [
    path("so-diem/<int:pk>/<int:term>/", sheets.gradebook_sheet, name="gradebook-sheet"),
    path("so-diem/<int:pk>/<int:term>/luu/", sheets.gradebook_save, name="gradebook-save"),
    path("so-diem/<int:pk>/<int:term>/moi/", sheets.gradebook_news, name="gradebook-news"),
    path("so-diem/<int:pk>/<int:term>/vi-sao/<int:enrolment>/", sheets.gradebook_why, name="gradebook-why"),
]
