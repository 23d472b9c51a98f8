"""The look: tags, fields, pages without a shell, and nothing that the content-security policy would refuse."""

import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.template.loader import render_to_string

from khue.base.core import art
from khue.base.core.statics import StaticStorage
from khue.base.core.templatetags import khue
from khue.base.core.ui_samples import SampleForm, context

CORE = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((CORE / "templates").rglob("*.html"))
SPRITE = (CORE / "static/core/icons/khue-icons.svg").read_text()


def widths(svg: str) -> list[float]:
    return [float(width) for width in re.findall(r'width="([\d.]+)"', svg)]


def test_bar_fills_its_length_and_shows_a_single_error() -> None:
    drawn = widths(art.bar(ok=99999, warn=0, err=1))
    assert len(drawn) == 2
    assert drawn[1] >= 0.9
    assert sum(drawn) == pytest.approx(99, abs=0.05)
    assert widths(art.bar(0, 0, 0)) == []


def test_flower_loses_petals_by_kind() -> None:
    petals = {kind: art.flower(kind).count(art.FLOWER_PETAL) for kind in ("open", "missing", "fallen", "shut")}
    assert petals == {"open": 8, "missing": 8, "fallen": 6, "shut": 0}
    assert "stroke-dasharray" in art.flower("missing")


def test_state_escapes_its_word() -> None:
    assert "<b>" not in khue.state("err", "<b>lỗi</b>")


def test_diff_leaves_an_empty_old_value_out() -> None:
    assert "<del>" not in khue.diff("", "Kinh")
    assert "trống" in khue.diff("Kinh", "")


@pytest.mark.parametrize(("value", "shown"), [(1248, "1.248"), (0, "0"), (70214, "70.214"), (None, "–")])
def test_number(value: int | None, shown: str) -> None:
    assert khue.number(value) == shown


def test_undo_address_comes_from_the_message() -> None:
    assert khue.undo_url(Message(constants.SUCCESS, "Đã chuyển", extra_tags="undo:/x/")) == "/x/"
    assert khue.undo_url(Message(constants.SUCCESS, "Đã chuyển")) == ""


def test_field_ties_its_messages_to_the_control() -> None:
    form = SampleForm({"name": "A", "identity": "123", "sex": "2", "ward": "1", "ethnicity": "01"})
    html = Template("{% load khue %}{% field form.identity %}{% field form.phone %}").render(Context({"form": form}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_identity-error"' in html
    assert 'id="id_identity-error"' in html
    assert "Có 3 chữ số, phải đủ 12." in html
    assert 'aria-describedby="id_phone-warning"' in html


def test_form_without_sections_is_one_section() -> None:
    class Plain(forms.Form):
        one = forms.CharField()
        two = forms.CharField(widget=forms.HiddenInput)

    [section] = khue.sections(Plain())
    assert [bound.name for bound in section["fields"]] == ["one"]


def test_every_component_renders() -> None:
    html = render_to_string("core/ui.html", context())
    for css in ("duties", "health", "xls", "rules", "shelf", "timeline", "drop", "choices", "empty", "foot-bar"):
        assert f'class="{css}' in html or f" {css}" in html, css


def test_the_500_page_needs_no_context() -> None:
    html = render_to_string("500.html")
    assert "Khuê gặp trục trặc" in html
    assert "đã lưu trước đó còn nguyên" in html


@pytest.mark.parametrize("template", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_lead_home(template: str) -> None:
    assert 'href="/"' in render_to_string(f"{template}.html", {"message": "Cần quyền của kế toán."})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_keeps_the_policy(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son\w+=[\"']|<style|hx-on|javascript:|data:image", text)
    assert not [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag]
    assert not [line for line in text.splitlines() if "{#" in line and "#}" not in line]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_names_icons_of_the_sprite(path: Path) -> None:
    used = set(re.findall(r'\{% icon "([\w-]+)"', path.read_text())) | set(khue.STATE_ICONS.values())
    assert not [name for name in used if f'id="{name}"' not in SPRITE]


def test_scripts_import_only_what_exists() -> None:
    static = CORE / "static/core"
    imported = {name for path in static.glob("*.js") for name in re.findall(r"from '\./([\w.]+)'", path.read_text())}
    imported |= set(re.findall(r"import '\./([\w.]+)'", (static / "khue.js").read_text()))
    assert not [name for name in imported if not (static / name).exists()]
    assert len(imported) >= 9


def test_hashed_modules_import_hashed_modules(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core/one.js").write_text("import { two } from './two.js';\nimport './three.js';\n")
    (tmp_path / "core/two.js").write_text("export const two = 2;\n")
    (tmp_path / "core/three.js").write_text("document.title = '3';\n")
    (tmp_path / "assessment").mkdir()
    (tmp_path / "assessment/sheet.js").write_text("import { two } from '../core/two.js';\n")
    storage = StaticStorage(location=tmp_path, base_url="/static/")
    names = ("core/one.js", "core/two.js", "core/three.js", "assessment/sheet.js")
    processed = list(storage.post_process({name: (storage, name) for name in names}))
    assert not [result for _, _, result in processed if isinstance(result, Exception)]
    written = (tmp_path / storage.stored_name("core/one.js")).read_text()
    assert re.search(r'import \{ two \} from "./two\.[0-9a-f]{12}\.js";', written)
    assert re.search(r'import "./three\.[0-9a-f]{12}\.js";', written)
    of_an_app = (tmp_path / storage.stored_name("assessment/sheet.js")).read_text()
    assert re.search(r'import \{ two \} from "\.\./core/two\.[0-9a-f]{12}\.js";', of_an_app)
