"""Addresses of the site. ``/truong/<mã>/…`` and ``/phong/<mã>/…`` are the pages of a place (``access/places.py``)."""

from django.conf import settings
from django.urls import include, path, register_converter

from khue.base.access import views as access_views
from khue.base.core import ui, views
from khue.office.desk.urls import setup_urls


class PlaceConverter:
    """``truong/<mã>`` or ``phong/<mã>``."""

    regex = r"(?:truong|phong)/[\w.-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PlaceConverter, "place")

place_urls = [
    path("", include("khue.office.desk.urls")),
    path("", include("khue.base.registers.urls")),
    path("", include("khue.school.registry.urls")),
    path("", include("khue.school.checks.urls")),
    path("", include("khue.school.intake.urls")),
    path("", include("khue.school.assessment.urls")),
    path("", include("khue.office.statistics.urls")),
    path("", include("khue.office.returns.urls")),
]

urlpatterns = [
    path("", include("khue.base.access.urls")),
    path("tai-khoan/password/reset/", access_views.forgotten, name="forgotten"),
    path("tai-khoan/", include("allauth.account.urls")),
    path("thiet-lap/", include(setup_urls)),
    path("tinh-trang/", views.status, name="status"),
    path("<place:place>/", include(place_urls)),
]
if settings.DEBUG:
    urlpatterns.append(path("ui/", ui.ui, name="ui"))

handler400 = "khue.base.core.errors.bad_request"
handler403 = "khue.base.core.errors.forbidden"
handler404 = "khue.base.core.errors.not_found"
handler500 = "khue.base.core.errors.failed"
