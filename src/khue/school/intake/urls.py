from django.urls import path

from .views import actions, downloads, encoding, files, one

urlpatterns = [
    path("nhap-tep/", files.imports, name="imports"),
    path("nhap-tep/ghi-tat-ca/", actions.apply_all, name="import-apply-all"),
    path("nhap-tep/mau/<slug:kind>/", downloads.template, name="import-template"),
    path("nhap-tep/xuat/<slug:kind>/", downloads.export, name="import-export"),
    path("nhap-tep/<int:pk>/", one.page, name="import"),
    path("nhap-tep/<int:pk>/cot/", one.columns, name="import-columns"),
    path("nhap-tep/<int:pk>/bang-ma/", encoding.page, name="import-encoding"),
    path("nhap-tep/<int:pk>/quen-bo-cuc/", actions.forget, name="import-forget"),
    path("nhap-tep/<int:pk>/dong/<int:number>/o/<slug:column>/", actions.mend, name="import-mend"),
    path("nhap-tep/<int:pk>/dong/<int:number>/tra-loi/<slug:rule>/", actions.settle, name="import-answer"),
    path("nhap-tep/<int:pk>/lop/", actions.make_class, name="import-class"),
    path("nhap-tep/<int:pk>/them-so-0/", actions.pad, name="import-pad"),
    path("nhap-tep/<int:pk>/ghi/", actions.apply, name="import-apply"),
    path("nhap-tep/<int:pk>/bo/", actions.drop_file, name="import-drop"),
    path("nhap-tep/<int:pk>/hoan-tac/", actions.undo, name="import-undo"),
    path("nhap-tep/<int:pk>/tep-danh-dau/", downloads.marked, name="import-marked"),
    path("nhap-tep/<int:pk>/bao-cao.json", downloads.report, name="import-report"),
]
