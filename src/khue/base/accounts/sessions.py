"""Sessions in the database, read by a statement that is not composed anew for every page."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from khue.base.core.bulk import query

_FIND = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseStore):
    """Django's store; ``load`` is what each request pays for."""

    def load(self) -> dict[str, Any]:
        rows = query(_FIND, [self.session_key, timezone.now()]) if self.session_key else []
        if not rows:
            self._session_key = None
            return {}
        return self.decode(rows[0][0])
