"""The pages of a register: list, export, bulk edit, undo of a bulk edit. ``register_urls`` mounts them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.core.htmx import came_from, wants_part
from khue.base.core.scope import because
from khue.base.core.templatetags.khue import number

from .columns import person_name
from .export import export_response
from .listing import CHOICES, filter_choices, list_context
from .query import Query
from .register import BulkEdit, Register
from .undo import undo_batch

BULK_LIMIT = 20_000


def register_urls(register: Register) -> list[URLPattern]:
    """Addresses under ``register.path``: the list, ``…/tai-excel/``, ``…/sua-nhieu/<key>/``, ``…/hoan-tac/<uuid>/``."""
    base, name = register.path, register.name
    patterns = [path(base, _list_view(register), name=name)]
    if register.export:
        patterns.append(path(f"{base}tai-excel/", _export_view(register), name=f"{name}-export"))
    if register.bulk:
        patterns.append(path(f"{base}sua-nhieu/<slug:key>/", _bulk_view(register), name=f"{name}-bulk"))
        patterns.append(path(f"{base}hoan-tac/<uuid:token>/", _undo_view(register), name=f"{name}-undo"))
    return patterns


View = Callable[..., HttpResponseBase]


def _list_view(register: Register) -> View:
    @needs(register.read)
    def view(request: HttpRequest) -> HttpResponse:
        """The page, or for htmx its list alone, or the choices of its filters."""
        if CHOICES in request.GET:
            return render(request, "core/parts/filters.html", {"filters": filter_choices(register, request)})
        template = "core/register.html#list" if wants_part(request) else "core/register.html"
        return render(request, template, list_context(register, request))

    return view


def _export_view(register: Register) -> View:
    @needs(register.read)
    def view(request: HttpRequest) -> HttpResponseBase:
        return export_response(register, request)

    return view


def _bulk_view(register: Register) -> View:
    @needs(register.write)
    @require_POST
    def view(request: HttpRequest, key: str) -> HttpResponse:
        """First the question for the chosen rows, then (with ``luu``) the write and the way back."""
        edit = next((item for item in register.bulk_at(request) if item.key == key), None)
        if edit is None:
            raise Http404
        chosen = chosen_rows(register, request)
        form = edit.form(request)(request.POST if "luu" in request.POST else None)
        if "luu" in request.POST and form.is_valid():
            try:
                return _apply(register, edit, request, chosen, form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
        return _question(register, edit, request, chosen, form)

    return needs(register.write)(view)


def chosen_rows(register: Register, request: HttpRequest) -> QuerySet:
    """The rows ticked, or all that the list shows with its filters (``tat_ca``); never one outside the place."""
    if request.POST.get("tat_ca"):
        return Query(register, request, request.POST).rows
    keys = [key for key in request.POST.getlist("chon")[:BULK_LIMIT] if key.isdecimal() and len(key) < 19]
    return register.rows(request).filter(pk__in=keys)


def _apply(
    register: Register, edit: BulkEdit, request: HttpRequest, chosen: QuerySet, values: dict[str, Any]
) -> HttpResponse:
    token = uuid4()
    keys = list(chosen.order_by().values_list("pk", flat=True)[:BULK_LIMIT])
    reason = values.pop("reason", "")
    with because(action=edit.label, batch=str(token), **({"reason": reason} if reason else {})):
        changed = edit.apply(request, register.rows(request).filter(pk__in=keys), values)
    text = _("{action}: đã ghi {count} {noun}").format(action=edit.label, count=number(changed), noun=register.noun)
    place = place_of(request)
    undo = f"undo:{place.url(f'{register.name}-undo', token=token)}" if edit.undo and changed else ""
    messages.success(request, text, extra_tags=undo)
    return redirect(place.url(register.name))


def _question(register: Register, edit: BulkEdit, request: HttpRequest, chosen: QuerySet, form: Any) -> HttpResponse:
    place = place_of(request)
    count = chosen.order_by().count()
    name = next(column for column in register.columns if column.fixed)
    named = register.selected(request, (name.source, *register.order)).filter(pk__in=chosen.order_by().values("pk"))
    shown = list(named.order_by(*register.order).values_list(name.source, flat=True)[:8])
    own = _OWN | set(form.fields)
    keep = [(key, value) for key in request.POST if key not in own for value in request.POST.getlist(key)]
    return render(request, "registers/bulk.html", {
        "title": _("{action} cho {count} {noun}").format(action=edit.label, count=number(count), noun=register.noun),
        "crumbs": [{"label": register.title, "url": place.url(register.name)}],
        "form": form,
        "hidden": keep,
        "names": [person_name(text) if name.kind == "person" else text for text in shown],
        "more": count - len(shown),
        "noun": register.noun,
        "submit": _("Ghi {count} {noun}").format(count=number(count), noun=register.noun),
        "cancel_url": place.url(register.name),
        "none": not count,
    })  # fmt: skip


_OWN = {"csrfmiddlewaretoken", "luu"}


def _undo_view(register: Register) -> View:
    @needs(register.write)
    @require_POST
    def view(request: HttpRequest, token: UUID) -> HttpResponse:
        tables = dict.fromkeys(table for edit in register.bulk for table in edit.undo)
        with because(action=_("Hoàn tác"), undoes=str(token)):
            count, kept = undo_batch(tables, str(token))
        if not count and not kept:
            raise Http404
        text = _("Đã trả {count} {noun} về như trước").format(count=number(count), noun=register.noun)
        if kept:
            text += _(". {kept} {noun} đã được sửa sau đó nên giữ nguyên").format(kept=number(kept), noun=register.noun)
        messages.success(request, text)
        return redirect(came_from(request, place_of(request).url(register.name)))

    return needs(register.write)(view)
