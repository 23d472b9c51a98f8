"""How far the set-up of an empty installation is, and who may do it."""

import hmac

from django.conf import settings
from django.http import HttpRequest

from khue.base.accounts.models import Membership
from khue.base.core.secrets import secret
from khue.base.org.models import SchoolYear, Unit
from khue.base.org.selectors import root_office

SESSION_KEY = "khue-setup"


def setup_code() -> str:
    """The code that the launcher prints beside the address: without it nobody from outside takes an empty
    installation for themselves."""
    return secret(settings.HOME, "setup")


def is_finished() -> bool:
    """Set-up ends with the first administrator; from then on people sign in."""
    return Membership.objects.filter(role="office_admin").exists()


def may_set_up(request: HttpRequest) -> bool:
    """Whether this browser has shown the code (in the address once, remembered in its session)."""
    given = request.GET.get("ma", "") or request.POST.get("ma", "")
    if given and hmac.compare_digest(given.encode(), setup_code().encode()):
        request.session[SESSION_KEY] = True
    return bool(request.session.get(SESSION_KEY))


def next_step() -> int:
    """1 office, 2 school year, 3 schools, 4 accounts: the first one that is open (schools may be left for later)."""
    office: Unit | None = root_office()
    if office is None:
        return 1
    return 2 if not SchoolYear.objects.exists() else 3
