"""Writes of the access log."""

from typing import Any

from django.http import HttpRequest

from .models import AccessLog


def log_access(
    request: HttpRequest, *, kind: str, school_id: int | None = None, record: Any = None, detail: str = ""
) -> None:
    """Note an access: ``kind`` is sign-in, sign-out, failed, denied, read, export or download."""
    user = request.user if getattr(request, "user", None) is not None and request.user.is_authenticated else None
    AccessLog.objects.bulk_create(
        [
            AccessLog(
                kind=kind,
                user=user,
                actor=str(user or "")[:100],
                school_id=school_id,
                record=record._meta.model_name if record is not None else "",
                record_id=record.pk if record is not None else None,
                address=request.META.get("REMOTE_ADDR", ""),
                detail=detail[:400],
            )
        ]
    )
