"""The status page (Tình trạng): is the installation well, in words and for monitors."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

JOBS = """SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
    count(*) FILTER (WHERE status = 'failed'),
    coalesce(extract(epoch FROM now() - min(scheduled_at) FILTER (WHERE status = 'todo')), 0)::int
    FROM procrastinate_jobs"""


def installation_state() -> dict[str, Any]:
    """Database version, waiting and failed jobs; whole numbers."""
    with connection.cursor() as cursor:
        cursor.execute(JOBS)
        waiting, running, failed, _age = cursor.fetchone()
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    return {"database": version.split()[0], "waiting": waiting, "running": running, "failed": failed}


def status(request: HttpRequest) -> HttpResponse:
    """Anyone may ask: no figure here says anything about people."""
    state = installation_state()
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"ok": True, **state})
    rows = [
        (_("Cơ sở dữ liệu PostgreSQL"), state["database"], "ok"),
        (_("Việc đang chờ"), state["waiting"], "ok" if state["waiting"] < 100 else "warn"),
        (_("Việc đang chạy"), state["running"], "ok"),
        (_("Việc bị lỗi"), state["failed"], "ok" if not state["failed"] else "err"),
    ]
    title = _("Khuê đang chạy tốt") if not state["failed"] else _("Khuê đang chạy, có việc bị lỗi")
    return render(request, "core/status.html", {"title": title, "rows": rows})


status.khue_needs = "public"  # type: ignore[attr-defined]  # core stands below access
