"""Items of the navigation, filled in by each app when it starts."""

from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise
"""A word, or one that is translated when it is shown."""


@dataclass(frozen=True)
class MenuItem:
    """An entry: shown to whoever has ``action`` at a school (``school``) or an office (``office``)."""

    label: Text
    icon: str
    view: str
    action: str
    order: int
    group: Text = ""
    school: bool = True
    office: bool = True
    dock: bool = False
    guide: str = ""
    """The page of the guide that the question mark opens here; the first one unless given."""


MENU: list[MenuItem] = []


def add(*items: MenuItem) -> None:
    MENU.extend(items)
    MENU.sort(key=lambda item: item.order)
