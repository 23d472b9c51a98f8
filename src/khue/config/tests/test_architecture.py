"""What the import contracts of pyproject.toml cannot say: which modules of an app are for others, and foreign keys."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.db.models import ForeignObjectRel, Model

ROOT = Path(__file__).resolve().parents[4]
PUBLIC = {"models", "rules", "services", "selectors", "events"}
"""Modules of every app that others may import."""
OPEN = {"khue.base.core", "khue.base.sheets"}
"""Apps that are libraries: any module."""
DECLARED = {
    # the place of a request, the permissions of views, entries of the menu
    "khue.base.access": {"places", "permissions", "menu"},
    # what is counted, the official tables, frozen figures: the reports of schools are made of them
    "khue.office.statistics": {"cubes", "official", "sealing"},
    # the parts that an app puts its lists together from
    "khue.base.registers": {
        "register",
        "columns",
        "listing",
        "export",
        "search",
        "views",
        "history",
        "history_page",
        "revert",
    },
}
EXCEPTIONS = {
    ("khue.office.desk", "khue.school.intake.refusal"): "set-up imports the list of schools and says why it is refused",
}


def app_of(module: str) -> str:
    """``khue.school.registry.views.pupils`` → ``khue.school.registry``; "" outside of the areas."""
    parts = module.split(".")
    return ".".join(parts[:3]) if len(parts) > 2 and parts[1] in ("base", "school", "office") else ""


def imports_across_apps() -> Iterator[tuple[str, str]]:
    """(app, module of another app) of every import, tests left out."""
    graph = grimp.build_graph("khue", cache_dir=None)
    for module in graph.modules:
        app = app_of(module)
        if app and ".tests" not in module:
            for target in graph.find_modules_directly_imported_by(module):
                if app_of(target) not in ("", app):
                    yield app, target


def is_public(module: str) -> bool:
    app = app_of(module)
    name = module.removeprefix(app).strip(".").split(".")[0]
    return app in OPEN or name in PUBLIC | DECLARED.get(app, set())


def test_apps_import_only_what_others_offer() -> None:
    found = set(imports_across_apps())
    assert len(found) > 100
    assert {pair for pair in found if not is_public(pair[1])} == set(EXCEPTIONS)


def test_a_private_module_is_told_from_a_public_one() -> None:
    assert is_public("khue.school.registry.selectors.scope")
    assert is_public("khue.base.core.bulk")
    assert not is_public("khue.school.registry.views.pupils")
    assert not is_public("khue.school.registry")
    assert not is_public("khue.base.access.middleware")


def ranks() -> dict[str, tuple[int, int]]:
    """App → (area, layer inside the area) from the contracts of pyproject.toml; the lowest is the greatest."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = {c["name"]: c for c in contracts if c["type"] == "layers"}
    areas = layers["Areas point downwards"]["layers"]
    return {
        f"{area}.{app.strip()}": (areas.index(area), n)
        for contract in layers.values()
        for area in contract.get("containers", [])
        if area in areas
        for n, layer in enumerate(contract["layers"])
        for app in layer.split("|")
    }


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if app_of(model.__module__)]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_foreign_keys_point_where_imports_point(model: type[Model]) -> None:
    order, here = ranks(), app_of(model.__module__)
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            other = app_of(relation.related_model.__module__)
            if other:
                assert order[other] <= order[here], f"{relation.related_model._meta.label} → {model._meta.label}"
