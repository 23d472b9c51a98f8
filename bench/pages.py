"""Pages of a school of 1,500 pupils: server time, queries, requests a second, weight over the wire, search."""

import gzip
import http.client
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.base.core.process import settle_memory
from khue.base.core.scope import open_scope
from khue.launch.database import analyse
from khue.school.registry.models import Enrolment, SchoolClass

from . import school
from .table import Table

REPEATS, CLIENTS, SECONDS, PORT = 40, 8, 6, 8917
TABLES = re.compile(r"\b(FROM|INTO|UPDATE)\s", re.IGNORECASE)


def prepare() -> tuple[Client, dict[str, str]]:
    office = school.prepare_office()
    own = school.measured_school(office)
    with open_scope([own.pk]):
        filled = Enrolment.objects.exists()
    if not filled:
        school.load_pupils(office)
    analyse(os.environ["DATABASE_URL"])
    with open_scope([own.pk]):
        enrolment = Enrolment.objects.filter(status="1").order_by("pk")[700]
        chosen = SchoolClass.objects.order_by("sort_key")[3]
    base = f"/truong/{own.code}"
    pages = {
        "home": f"{base}/",
        "pupils of the school": f"{base}/hoc-sinh/",
        "class": f"{base}/lop/{chosen.pk}/",
        "record": f"{base}/hoc-sinh/{enrolment.pk}/",
        "counts": f"{base}/dem/",
        "search without marks": f"{base}/tim/?q=nguyen%20minh",
    }
    client = Client()
    client.force_login(school.clerk_of(own))
    return client, pages


def p50(client: Client, path: str) -> float:
    """Server time of a page in milliseconds, middleware and template included."""
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        response = client.get(path)
        times.append((time.perf_counter() - begun) * 1000)
        assert response.status_code == 200, (path, response.status_code)
    return statistics.median(times[5:])


def queries(client: Client, path: str) -> int:
    """Statements that touch a table."""
    with CaptureQueriesContext(connection) as caught:
        client.get(path)
    return sum(1 for query in caught.captured_queries if TABLES.search(query["sql"]))


def run() -> None:
    client, pages = prepare()
    for path in pages.values():
        client.get(path)
    settle_memory()
    table = Table("Pages of a school of 1,500 pupils")
    for name, path in pages.items():
        limit = 10 if name.startswith("search") else 15
        figure = p50(client, path)
        table.add(f"{name}: server time p50", f"{figure:.1f} ms", f"≤ {limit} ms", f"{figure / limit:.2f}")
        table.add(f"{name}: queries", str(queries(client, path)), "≤ 12")
    _weights(client, pages, table)
    with Serving():
        floor = throughput("/tinh-trang/", client)
        for name in ("pupils of the school", "record", "class", "home"):
            rate = throughput(pages[name], client)
            table.add(f"{name}: requests/s, {CLIENTS} clients", f"{rate:.0f}", "≥ 120", f"{rate / 120:.2f}")
        table.add("status page (floor): requests/s", f"{floor:.0f}")
    table.show()


def _weights(client: Client, pages: dict[str, str], table: Table) -> None:
    """First page with everything it loads, and a repeated view, compressed."""
    html = client.get(pages["home"]).content
    page = len(gzip.compress(html, 6))
    links = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', html.decode()))
    links |= _imported(links)
    total = page + sum(_size(client, link) for link in links)
    table.add("first page over the wire", f"{total / 1024:.0f} KB", "≤ 200 KB", f"{total / 1024 / 200:.2f}")
    table.add("repeated view", f"{page / 1024:.1f} KB", "≤ 20 KB", f"{page / 1024 / 20:.2f}")


def _static(link: str) -> str:
    from django.conf import settings

    return str(settings.STATIC_ROOT) + link.removeprefix("/static").split("?")[0]


def _imported(links: set[str]) -> set[str]:
    """Modules that modules import and fonts that style sheets name."""
    found: set[str] = set()
    waiting = list(links)
    while waiting:
        link = waiting.pop()
        if not link.endswith((".js", ".css")):
            continue
        text = Path(_static(link)).read_text("utf-8")
        folder = link.rsplit("/", 1)[0]
        names = re.findall(r"""from\s*["']\./([^"']+)|import\s*["']\./([^"']+)""", text) if link.endswith(".js") else []
        fonts = (
            re.findall(r"url\([\"']?([^\"')]*be-vietnam[^\"')]*|[^\"')]*khue-figures[^\"')]*)", text)
            if link.endswith(".css")
            else []
        )
        for name in [a or b for a, b in names] + [f for f in fonts if f]:
            target = os.path.normpath(f"{folder}/{name}")
            if target not in found | links:
                found.add(target)
                waiting.append(target)
    return found


def _size(client: Client, link: str) -> int:
    path = _static(link)
    for suffix in (".br", ".gz", ""):
        if os.path.exists(path + suffix):
            return os.path.getsize(path + suffix)
    return 0


class Serving:
    """The web server as ``./khue start`` runs it."""

    def __enter__(self) -> None:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(PORT), "--workers", "2",
            "--blocking-threads", "3", "--log-level", "error", "khue.config.wsgi:application",
        ]  # fmt: skip
        self.process = subprocess.Popen(command, start_new_session=True)
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", PORT, timeout=1).request("GET", "/tinh-trang/")
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(1)

    def __exit__(self, *args: object) -> None:
        self.process.terminate()
        self.process.wait(15)


def throughput(path: str, client: Client) -> float:
    """Requests a second of eight clients that are signed in, each on a connection of its own."""
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    done: list[int] = []

    def work(end: float) -> None:
        link, count = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10), 0
        while time.perf_counter() < end:
            link.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
            response = link.getresponse()
            response.read()
            assert response.status == 200, (path, response.status)
            count += 1
        done.append(count)

    _parallel(lambda: work(time.perf_counter() + 1))
    done.clear()
    begun = time.perf_counter()
    _parallel(lambda: work(begun + SECONDS))
    return sum(done) / (time.perf_counter() - begun)


def _parallel(work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
