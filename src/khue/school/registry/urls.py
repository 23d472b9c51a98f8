from django.urls import path

from khue.base.registers.views import register_urls

from . import tables
from .views import classes, equipment, pupils, rooms, schools, staff

urlpatterns = [
    path("hoc-sinh/them/", pupils.pupil_add, name="pupil-add"),
    path("hoc-sinh/<int:pk>/", pupils.pupil, name="pupil"),
    path("hoc-sinh/<int:pk>/sua/", pupils.pupil_edit, name="pupil-edit"),
    *pupils.HISTORY,
    path("hoc-sinh/<int:pk>/chuyen-lop/", pupils.pupil_move, name="pupil-move"),
    path("hoc-sinh/<int:pk>/trang-thai/", pupils.pupil_status, name="pupil-status"),
    *register_urls(tables.PUPILS),
    path("lop/them/", classes.class_add, name="class-add"),
    path("lop/<int:pk>/", classes.school_class, name="class"),
    path("lop/<int:pk>/sua/", classes.class_edit, name="class-edit"),
    *classes.HISTORY,
    *register_urls(tables.CLASSES),
    path("can-bo/them/", staff.staff_add, name="staff-add"),
    path("can-bo/<int:pk>/", staff.staff_member, name="staff-member"),
    path("can-bo/<int:pk>/sua/", staff.staff_edit, name="staff-edit"),
    *staff.HISTORY,
    *register_urls(tables.STAFF),
    path("phong/them/", rooms.room_add, name="room-add"),
    path("phong/<int:pk>/", rooms.room, name="room"),
    path("phong/<int:pk>/sua/", rooms.room_edit, name="room-edit"),
    *rooms.HISTORY,
    *register_urls(tables.ROOMS),
    path("thiet-bi/them/", equipment.equipment_add, name="equipment-add"),
    path("thiet-bi/<int:pk>/", equipment.equipment_item, name="equipment-item"),
    path("thiet-bi/<int:pk>/sua/", equipment.equipment_edit, name="equipment-edit"),
    *equipment.HISTORY,
    *register_urls(tables.EQUIPMENT_REGISTER),
    path("thong-tin/", schools.school, name="school"),
    path("truong/<int:pk>/", schools.school_of_office, name="school-of-office"),
    path("truong/<int:pk>/sua/", schools.school_edit, name="school-edit"),
    *schools.HISTORY,
    path("truong/<int:pk>/them-diem/", schools.campus_add, name="campus-add"),
    path("diem-truong/them/", schools.campus_add, name="campus-add"),
    path("diem-truong/<int:pk>/sua/", schools.campus_edit, name="campus-edit"),
    *register_urls(tables.SCHOOLS),
]
