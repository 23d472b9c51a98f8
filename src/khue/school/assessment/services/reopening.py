"""Reopening a closed column: asked by a teacher of the book, answered by a second person."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from khue.base.accounts.models import User
from khue.base.core.scope import because

from ..models import Reopening
from ..selectors.locks import locks_of
from ..selectors.sheets import Book

HOURS = 24
"""How long a column stays open once it was granted."""


@transaction.atomic
def ask_reopening(*, book: Book, term: int, kind: str, reason: str, user: User) -> Reopening:
    """Ask for a closed column. Raises ``ValidationError`` in words."""
    if not reason.strip():
        raise ValidationError("Ghi lý do xin mở khóa: sửa điểm gì, vì sao.")
    if not locks_of(book, term, timezone.now()).closed.get(kind):
        raise ValidationError("Cột này đang mở, ghi được ngay.")
    try:
        with transaction.atomic(), because(action="Xin mở khóa sổ điểm", reason=reason):
            return Reopening.objects.create(
                school_id=book.school_id, gradebook_id=book.pk, term=term, kind=kind, reason=reason.strip(),
                asked_by=user, asked_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise ValidationError("Đã có người xin mở cột này, đang chờ trả lời.") from error


@transaction.atomic
def answer_reopening(*, pk: int, granted: bool, answer: str, user: User, now: datetime | None = None) -> Reopening:
    """Allow or refuse; who asked cannot answer. Raises ``ValidationError`` in words."""
    asked = Reopening.objects.select_for_update().filter(pk=pk).first()
    if asked is None:
        raise ValidationError("Không còn yêu cầu này.")
    if asked.granted is not None:
        raise ValidationError(f"Yêu cầu này {asked.answered_by} đã trả lời.")
    if asked.asked_by_id == user.pk:
        raise ValidationError("Người xin mở khóa không tự duyệt được. Nhờ hiệu trưởng hoặc phó hiệu trưởng.")
    if not granted and not answer.strip():
        raise ValidationError("Ghi vì sao không mở, để giáo viên biết.")
    asked.granted, asked.answer = granted, answer.strip()
    asked.answered_by, asked.answered_at = user, now or timezone.now()
    asked.until = asked.answered_at + timedelta(hours=HOURS) if granted else None
    with because(action="Mở khóa sổ điểm" if granted else "Không mở khóa sổ điểm", reason=asked.answer):
        asked.save()
    return asked
