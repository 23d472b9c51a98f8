"""Pages of a place: home, accounts, school years, guide. ``setup_urls`` stand outside of places."""

from django.urls import path

from .views import guide, home, members, setup, years

urlpatterns = [
    path("", home.home, name="home"),
    path("tai-khoan/", members.members, name="members"),
    path("tai-khoan/them/", members.member_add, name="member-add"),
    path("tai-khoan/vai-tro/", members.member_grant, name="member-grant"),
    path("tai-khoan/<int:pk>/ket-thuc/", members.member_end, name="member-end"),
    path("tai-khoan/<int:pk>/mat-khau/", members.member_password, name="member-password"),
    path("nam-hoc/", years.school_years, name="school-years"),
    path("nam-hoc/<int:year>/", years.school_year_edit, name="school-year-edit"),
    path("nam-hoc/<int:year>/hien-nay/", years.school_year_current, name="school-year-current"),
    path("huong-dan/", guide.guide, name="help"),
    path("huong-dan/<slug:slug>/", guide.guide, name="help-page"),
]
setup_urls = [
    path("", setup.setup, name="setup"),
    path("<int:step>/", setup.setup, name="setup-step"),
]
