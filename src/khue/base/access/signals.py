"""Sign-ins, sign-outs and refusals of sign-in go to the access log."""

import time
from typing import Any

from allauth.account.signals import password_changed
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from khue.base.audit.services import log_access

from .idle import SEEN


@receiver(user_logged_in)
def log_sign_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    request.session[SEEN] = int(time.time())
    log_access(request, kind="sign-in")


@receiver(user_logged_out)
def log_sign_out(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    idle = _("không dùng trong {minutes} phút").format(minutes=settings.IDLE_MINUTES)
    log_access(request, kind="sign-out", detail=idle if getattr(request, "was_idle", False) else "")


@receiver(user_login_failed)
def log_refused_sign_in(sender: Any, credentials: dict[str, Any], request: HttpRequest | None, **kwargs: Any) -> None:
    name = credentials.get("username") or credentials.get("email") or credentials.get("phone") or ""
    if request is not None:
        log_access(request, kind="failed", detail=str(name)[:60])


@receiver(password_changed)
def first_password_is_spent(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Whoever has chosen a password of their own may go on."""
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
    log_access(request, kind="password")
