"""A city of 140 schools and 70,000 pupils in two school years: making it, and its pages."""

import os
import resource
import subprocess
import sys
import time

from django.test import Client

from khue.base.accounts.models import User
from khue.base.core.process import settle_memory
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.base.org.selectors import root_office, school_ids_below
from khue.launch.database import analyse
from khue.school.registry.models import Enrolment, SchoolClass

from .pages import CLIENTS, Serving, p50, queries, throughput
from .table import Table

YEAR, DAY = 2026, "2026-11-24"
ROLES = {
    "head": "truongphong",
    "specialist": "chuyenvien",
    "principal": "hieutruong.thcs",
    "clerk": "vanthu.thcs",
    "teacher": "giaovien.thcs",
}


def run() -> None:
    made = Table("Making the city")
    if root_office() is None:
        make(made)
    analyse(os.environ["DATABASE_URL"])
    count(made)
    made.show()
    clients = {role: _signed_in(name) for role, name in ROLES.items()}
    pages = addresses()
    for role, path, _ in pages.values():
        clients[role].get(path)
    settle_memory()
    table = Table("Pages of a city of 70,000 pupils")
    for name, (role, path, limit) in pages.items():
        figure = p50(clients[role], path)
        table.add(f"{name}: server time p50", f"{figure:.1f} ms", f"≤ {limit} ms", f"{figure / limit:.2f}")
        table.add(f"{name}: queries", str(queries(clients[role], path)), "≤ 12")
    with Serving():
        for name in ("home of the specialist", "pupils of the city", "pupils of a school", "record", "search the city"):
            role, path, _ = pages[name]
            rate = throughput(path, clients[role])
            table.add(f"{name}: requests/s, {CLIENTS} clients", f"{rate:.0f}", "≥ 120", f"{rate / 120:.2f}")
    table.show()


def make(table: Table) -> None:
    """As ``./khue start --demo city`` does it."""
    command = [sys.executable, "-m", "khue.config.manage", "make_city", "--size", "city"]
    begun = time.perf_counter()
    subprocess.run([*command, "--year", str(YEAR), "--day", DAY], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begun
    table.add("time", f"{seconds:.0f} s", "≤ 300 s", f"{seconds / 300:.2f}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    table.add("peak memory of a process", f"{peak} MB", "≤ 600 MB", f"{peak / 600:.2f}")


def count(table: Table) -> None:
    office = root_office()
    assert office is not None
    with open_scope(school_ids_below(office), all_schools=True):
        for year in (YEAR - 1, YEAR):
            table.add(f"pupils enrolled in {year}", str(Enrolment.objects.filter(year=year).count()))


def addresses() -> dict[str, tuple[str, str, int]]:
    """Name → role, address, milliseconds it may take."""
    [clerk] = User.objects.get(username=ROLES["clerk"]).memberships.all()
    school = School.objects.get(unit=clerk.unit_id)
    with open_scope([school.pk]):
        enrolment = Enrolment.objects.filter(year=YEAR, status="1").order_by("pk")[700]
        chosen = SchoolClass.objects.filter(year=YEAR).order_by("sort_key")[3]
    own, city = f"/truong/{school.code}", "/phong/TDM"
    homes = {f"home of the {role}": (role, city if role in ("head", "specialist") else own) for role in ROLES}
    return {
        **{name: (role, f"{base}/", 15) for name, (role, base) in homes.items()},
        "pupils of the city": ("specialist", f"{city}/hoc-sinh/", 15),
        "pupils of the city by name": ("specialist", f"{city}/hoc-sinh/?q=nguyen%20minh%20khang", 15),
        "schools of the city": ("specialist", f"{city}/truong/", 15),
        "search the city": ("specialist", f"{city}/tim/?q=nguyen%20minh%20khang", 15),
        "search the city, common name": ("specialist", f"{city}/tim/?q=nguyen", 15),
        "search the city, rare name": ("specialist", f"{city}/tim/?q=thach%20sa%20ray", 15),
        "counts of the city": ("specialist", f"{city}/dem/", 15),
        "official tables of the city": ("specialist", f"{city}/thong-ke/", 15),
        "pupils of a school": ("clerk", f"{own}/hoc-sinh/", 15),
        "class": ("clerk", f"{own}/lop/{chosen.pk}/", 15),
        "record": ("clerk", f"{own}/hoc-sinh/{enrolment.pk}/", 15),
        "search a school": ("clerk", f"{own}/tim/?q=nguyen%20minh", 10),
        "counts of a school": ("clerk", f"{own}/dem/", 15),
    }


def _signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client
