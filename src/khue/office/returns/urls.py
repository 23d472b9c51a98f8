from django.urls import path

from .views import office, periods, school

urlpatterns = [
    path("nop/", school.own_returns, name="own-returns"),
    path("nop/<int:pk>/", school.own_return, name="own-return"),
    path("nop/<int:pk>/so-nhap-tay/", school.own_figures, name="own-return-figures"),
    path("nop/<int:pk>/giai-trinh/", school.own_reasons, name="own-return-reasons"),
    path("nop/<int:pk>/bao-du/", school.own_complete, name="own-return-complete"),
    path("nop/<int:pk>/trinh/", school.own_submit, name="own-return-submit"),
    path("nop/<int:pk>/xin-mo-lai/", school.own_ask, name="own-return-ask"),
    path("duyet/", office.returns_board, name="returns"),
    path("duyet/ky/", periods.report_periods, name="periods"),
    path("duyet/ky/them/", periods.period_add, name="period-add"),
    path("duyet/ky/<int:pk>/", periods.period_edit, name="period-edit"),
    path("duyet/<int:pk>/nhac/", office.returns_remind, name="returns-remind"),
    path("duyet/<int:pk>/<int:school>/", office.return_review, name="return-review"),
    path("duyet/<int:pk>/<int:school>/da-doi/", office.return_edited, name="return-edited"),
    path("duyet/<int:pk>/<int:school>/duyet/", office.return_approve, name="return-approve"),
    path("duyet/<int:pk>/<int:school>/tra-lai/", office.return_send_back, name="return-send-back"),
    path("duyet/<int:pk>/<int:school>/mo-lai/", office.return_reopen, name="return-reopen"),
]
