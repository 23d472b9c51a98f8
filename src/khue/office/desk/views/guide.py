"""The user guide inside the product (Hướng dẫn): the Markdown pages of ``docs/vi``."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from khue.base.access.permissions import needs

GUIDE = Path(settings.PACKAGE).parents[1] / "docs" / "vi"


@cache
def pages() -> list[tuple[str, str]]:
    """(slug, title) of all pages, in the order of their file names."""
    found = []
    for path in sorted(GUIDE.glob("*.md")):
        title = path.read_text("utf-8").splitlines()[0].lstrip("# ")
        found.append((path.stem.split("-", 1)[1], title))
    return found


@cache
def page_html(slug: str) -> SafeString:
    """HTML of one page; raw HTML in the sources is shown as text. Raises Http404."""
    path = next((p for p in GUIDE.glob("*.md") if p.stem.split("-", 1)[1] == slug), None)
    if path is None:
        raise Http404
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    return SafeString(markdown.render(path.read_text("utf-8").split("\n", 1)[1]))


@needs("core.home:read")
def guide(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A page of the guide beside the list of all pages."""
    found = pages()
    slug = slug or found[0][0]
    title = dict(found).get(slug, "")
    if not title:
        raise Http404
    return render(
        request,
        "desk/guide.html",
        {"title": title, "slug": slug, "pages": found, "lead": _("Hướng dẫn"), "html": page_html(slug)},
    )
