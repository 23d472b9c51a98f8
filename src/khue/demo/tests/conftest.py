from datetime import date

import pytest

from khue.demo.city import City
from khue.demo.generator import generate

DAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def city() -> City:
    return generate(seed=1, year=2026, day=DAY)


@pytest.fixture(scope="session")
def faulty_city() -> City:
    return generate(seed=1, year=2026, day=DAY, faults=True)
