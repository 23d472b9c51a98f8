"""The start fails when a view has no permission: pages of other packages stand here with a reason."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver

FOREIGN = {
    "allauth.account": "sign-in, sign-out and password pages check the person themselves",
    "django.views.static": "served in development only",
    "django.contrib.staticfiles": "served in development only",
}


def all_patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every (address, pattern) of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from all_patterns(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


def is_foreign(view: Any) -> bool:
    module = getattr(getattr(view, "view_class", view), "__module__", "")
    return any(module.startswith(name) for name in FOREIGN)


@register()
def every_view_names_its_permission(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [
        Error(f"The view of {address} names no permission", hint="Use @needs, @signed_in or @public", id="khue.E001")
        for address, pattern in all_patterns()
        if not hasattr(pattern.callback, "khue_needs") and not is_foreign(pattern.callback)
    ]
