from django.urls import path

from .views import board, calendar, history, overview, reopenings, sheet_file, sheets, teachers, teaching, teaching_book

urlpatterns = [
    path("so-diem/<int:pk>/<int:term>/", sheets.gradebook_sheet, name="gradebook-sheet"),
    path("so-diem/<int:pk>/<int:term>/luu/", sheets.gradebook_save, name="gradebook-save"),
    path("so-diem/<int:pk>/<int:term>/moi/", sheets.gradebook_news, name="gradebook-news"),
    path("so-diem/<int:pk>/<int:term>/vi-sao/<int:enrolment>/", sheets.gradebook_why, name="gradebook-why"),
    path("so-diem/<int:pk>/<int:term>/tep/", sheet_file.gradebook_file, name="gradebook-file"),
    path("so-diem/<int:pk>/<int:term>/lich-su/", history.gradebook_history, name="gradebook-history"),
    path("so-diem/lop/<int:pk>/<int:term>/", overview.class_overview, name="class-overview"),
    path("so-diem/lop/<int:pk>/<int:term>/vi-sao/<int:enrolment>/", overview.class_why, name="class-why"),
    path("so-diem/<int:pk>/<int:term>/xin-mo/", reopenings.reopening_ask, name="reopening-ask"),
    path("so-diem/mo-khoa/", reopenings.reopenings, name="reopenings"),
    path("so-diem/mo-khoa/<int:pk>/", reopenings.reopening_answer, name="reopening-answer"),
    path("so-diem/tien-do/<int:term>/", board.marks_board, name="marks-board"),
    path("so-diem/lich/", calendar.mark_calendar, name="mark-calendar"),
    path("phan-cong/", teaching.teaching, name="teaching"),
    path("phan-cong/lap-mon/", teaching.set_up, name="teaching-set-up"),
    path("phan-cong/chu-nhiem/", teaching.class_teachers, name="teaching-class-teachers"),
    path("phan-cong/giao-vien/", teachers.teachers, name="teaching-by-teacher"),
    path("phan-cong/giao-vien/<int:pk>/", teachers.teacher, name="teaching-teacher"),
    path("phan-cong/mon/<int:pk>/", teaching_book.book, name="teaching-book"),
    path("phan-cong/mon/<int:pk>/giao/", teaching_book.book_assign, name="teaching-assign"),
    path("phan-cong/mon/<int:pk>/so-diem/", teaching_book.formative, name="teaching-formative"),
    path("phan-cong/mon/<int:pk>/bo/", teaching_book.remove, name="teaching-remove"),
    path("phan-cong/<int:pk>/ket-thuc/", teaching_book.end, name="teaching-end"),
    path("phan-cong/<int:pk>/bo/", teaching_book.drop, name="teaching-drop"),
]
