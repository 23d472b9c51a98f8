"""Template tags of the look. A component that is only a class on an element needs no tag.

Every component with its states stands on the page ``/ui/``.
"""

from datetime import date
from functools import cache, lru_cache
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from khue.base.core import art
from khue.base.core.text import dotted, signed

register = template.Library()

STATE_ICONS = {"ok": "circle-check", "warn": "alert-triangle", "err": "alert-square", "info": "plus", "": "clock"}
NOTE_ICONS = {
    "": "info-circle",
    "plain": "info-circle",
    "ok": "circle-check",
    "warn": "alert-triangle",
    "err": "alert-square",
}

WEEKDAYS = (_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy"), _("Chủ Nhật"))

register.filter("signed", signed)
register.simple_tag(art.mark, name="mark")
register.simple_tag(art.flower, name="flower")
register.simple_tag(art.window, name="window")


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """One symbol of the sprite; ``size`` is empty, ``s`` (16 px) or ``l`` (28 px). Its meaning is told in text."""
    css = f"ico {size}".strip()
    sprite = static("core/icons/khue-icons.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, sprite, name)


MARK = "csrf-token-of-the-page"
"""Stands for the page's token in parts that are kept and shown on many pages."""


@register.filter
def with_token(part: str, token: str) -> SafeString:
    """A kept part with the token of this page in its forms."""
    return SafeString(part.replace(MARK, conditional_escape(token)))


@register.simple_tag
def chooser(columns: tuple[tuple[str, str, bool, bool], ...]) -> SafeString:
    """Boxes of the columns (key, label, shown, fixed) of a register: up to forty, the same from page to page."""
    return _boxes(columns)


@lru_cache(maxsize=512)
def _boxes(columns: tuple[tuple[str, str, bool, bool], ...]) -> SafeString:
    box = '<label class="check"><input type="checkbox" name="cot" value="{}"{}{}> {}</label>'
    return format_html_join("", box, (
        (key, SafeString(" checked" if shown else ""), SafeString(" disabled" if fixed else ""), label)
        for key, label, shown, fixed in columns
    ))  # fmt: skip


@register.simple_tag
def navigation(groups: list[dict[str, Any]]) -> SafeString:
    """Groups of the navigation ``{label, items: [{label, icon, url, current, count, hot}]}``: put together here and not
    in a template, since every page shows it twice (side bar, phone's sheet)."""
    parts: list[SafeString] = []
    for group in groups or ():
        if group["label"]:
            parts.append(format_html("<h2>{}</h2>\n", group["label"]))
        parts += map(_nav_link, group["items"])
    return SafeString("".join(parts))


def _nav_link(item: dict[str, Any]) -> SafeString:
    current = SafeString(' aria-current="page"' if item.get("current") else "")
    count: SafeString | str = ""
    if item.get("count"):
        css = "count hot" if item.get("hot") else "count"
        count = format_html('<span class="{}">{}</span>', css, number(item["count"]))
    return format_html('<a href="{}"{}>{}{}{}</a>\n', item["url"], current, icon(item["icon"]), item["label"], count)


@register.simple_tag
def state(level: str, text: str, *, symbol: str | None = "", pill: bool = False, wrap: bool = False) -> SafeString:
    """A state: word, shape, then colour. ``level`` is ok, warn, err, info or empty; ``symbol`` replaces its icon."""
    css = " ".join(filter(None, ("st", level, "pill" if pill else "", "wrap" if wrap else "")))
    return format_html('<span class="{}">{}{}</span>', css, icon(symbol or STATE_ICONS[level]), text)


@register.simple_tag
def change(value: int) -> SafeString:
    """A change since last year: an arrow by style, its words for who listens."""
    css = "delta down" if value < 0 else "delta"
    word = _("giảm") if value < 0 else _("tăng")
    return format_html(
        '<span class="{}"><span class="vh">{} </span>{}<span class="vh"> {}</span></span>', css, word,
        number(abs(value)), _("so với năm trước"),
    )  # fmt: skip


@register.simple_tag
def bar(ok: int = 0, warn: int = 0, err: int = 0) -> SafeString:
    """The bar of states; the counts must stand beside it in words."""
    return art.bar(ok or 0, warn or 0, err or 0)


@register.simple_tag
def diff(old: Any, new: Any, *, stacked: bool = False) -> SafeString:
    """Old value → new value; an empty old value is left out."""
    css = "diff two" if stacked else "diff"
    before = (
        format_html('<del>{}</del><span class="arr" aria-hidden="true">→</span>', old) if old not in (None, "") else ""
    )
    return format_html('<span class="{}">{}<ins>{}</ins></span>', css, before, _("trống") if new in (None, "") else new)


@register.simple_block_tag
def note(content: str, level: str = "", *, symbol: str = "", url: str = "", verb: str = "") -> SafeString:
    """A note with an icon, and a button when ``url`` and ``verb`` are given. ``level``: empty, plain, ok, warn, err."""
    css = f"note {level}".strip()
    button = format_html('<a class="btn s" href="{}">{}</a>', url, verb) if url else ""
    return format_html(
        '<div class="{}">{}<span>{}</span>{}</div>', css, icon(symbol or NOTE_ICONS[level]), content, button
    )


@register.filter
def number(value: int | None) -> str:
    """1248 → ``1.248``; nothing → a dash."""
    return "–" if value is None else dotted(value)


@register.filter
def weekday(day: date) -> str:
    """``Thứ Hai`` … ``Chủ Nhật``, as people write it (Django says ``Thứ 2``)."""
    return str(WEEKDAYS[day.weekday()])


@register.filter
def undo_url(message: Any) -> str:
    """The address that undoes what a message tells: its extra tags read ``undo:/address/``."""
    tags = getattr(message, "extra_tags", "") or ""
    return tags.removeprefix("undo:") if tags.startswith("undo:") else ""


@register.filter
def sections(form: forms.BaseForm) -> list[dict[str, Any]]:
    """Sections ``{title, hint, fields}``: from the form's attribute ``sections`` ((title, hint, [names]) each)."""
    declared = getattr(form, "sections", None) or [("", "", [bound.name for bound in form.visible_fields()])]
    return [
        {"title": title, "hint": hint, "fields": [form[name] for name in names if name in form.fields]}
        for title, hint, names in declared
    ]


@register.inclusion_tag("core/parts/field.html")
def field(bound: BoundField, *, label: str = "", full: bool = False) -> dict[str, Any]:
    """One field of a form: label, control, hint, messages tied to it by ``aria-describedby``.

    The form may carry ``warnings`` ({name: [message]}): shown like errors, but they don't stop saving.
    """
    warnings = getattr(bound.form, "warnings", {}).get(bound.name, [])
    kind = _kind(bound)
    return {
        "bound": bound,
        "kind": kind,
        "label": label or bound.label,
        "full": full or kind == "textarea",
        "control": _control(bound, kind, bool(warnings)),
        "warnings": warnings,
        "optional": not bound.field.required and not bound.field.disabled,
    }


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    kinds = (
        (forms.CheckboxSelectMultiple, "many"),
        (forms.RadioSelect, "seg" if len(getattr(bound.field, "choices", ())) <= 4 else "choices"),
        (forms.CheckboxInput, "check"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.PasswordInput, "password"),
        (forms.DateInput, "date"),
        (forms.FileInput, "file"),
    )
    return next((kind for widget_class, kind in kinds if isinstance(widget, widget_class)), "text")


def _control(bound: BoundField, kind: str, warned: bool) -> SafeString | str:
    if kind in ("seg", "choices", "many"):
        return ""
    parts = ((bound.errors, "error"), (warned, "warning"), (bound.help_text, "hint"))
    described = " ".join(f"{bound.auto_id}-{name}" for shown, name in parts if shown)
    attrs = {"class": _css(bound, kind), "aria-describedby": described or None}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if kind == "date":
        attrs |= {"inputmode": "numeric", "placeholder": "dd/mm/yyyy"}
    return bound.as_widget(attrs={name: value for name, value in attrs.items() if value})


def _css(bound: BoundField, kind: str) -> str:
    own = bound.field.widget.attrs.get("class", "")
    return own if kind == "check" else f"in {own} {'num' if kind == 'date' else ''}".strip()
