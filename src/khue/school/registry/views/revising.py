"""How single edits are taken back: through the form that checks a record and the service that writes it.

What is wrong with the record already is no reason to refuse; what the old values would make wrong is.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from khue.base.registers.revert import Change, Revision

from ..forms.fields import RecordForm
from .common import saved

MakeForm = Callable[..., RecordForm]
"""``make(data, **values)``: the form of a record with some of its values replaced; bound to ``data`` unless None."""


def olds(changes: Iterable[Change]) -> dict[str, Any]:
    """{column: old value} as services take them."""
    return {change.field.attname: change.old for change in changes}


def by_form(
    make: MakeForm, changes: Iterable[Change], write: Callable[[], Any], name: Callable[[Change], str] | None = None
) -> Revision:
    """The way back for the record of one form; ``name`` gives the form's field of a change."""
    values = {name(change) if name else change.field.name: _initial(change) for change in changes}

    def check() -> list[str]:
        now, then = _faults(make, {}), _faults(make, values)
        return [sentence for sentence in then if sentence not in now]

    def take_back() -> None:
        form = _bound(make, {})
        form.is_valid()
        if saved(form, _("Hoàn tác"), write, reason="") is None:
            raise ValidationError(_sentences(form))

    return Revision(check, take_back)


def _initial(change: Change) -> Any:
    if isinstance(change.field, models.ForeignKey):
        return str(change.old or "")
    return change.old


def _bound(make: MakeForm, values: dict[str, Any]) -> RecordForm:
    """The form as a browser would send it with these values."""
    shown, data = make(None, **values), MultiValueDict[str, Any]()
    for bound in shown:
        value = bound.value()
        if isinstance(value, list):
            data.setlist(bound.html_name, value)
        elif value not in (None, False):
            data[bound.html_name] = "on" if value is True else str(value)
    return make(data, **values)


def _faults(make: MakeForm, values: dict[str, Any]) -> list[str]:
    return _sentences(_bound(make, values))


def _sentences(form: RecordForm) -> list[str]:
    return [
        str(sentence) if field == "__all__" else f"{form.fields[field].label}: {sentence}"
        for field, sentences in form.errors.items()
        for sentence in sentences
    ]
