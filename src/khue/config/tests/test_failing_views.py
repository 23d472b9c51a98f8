"""A view that fails leaves nothing half-written, whatever it raised; a refusal is logged all the same."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from khue.base.audit.models import AccessLog
from khue.base.core.scope import open_scope
from khue.school.registry.models import Campus

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("error", [RuntimeError("x"), Http404(), PermissionDenied("x"), None])
def test_what_a_failing_view_wrote_goes_back(school, clerk_client, error, monkeypatch):
    from khue.office.desk.views import home as module

    def write_then_fail(*args, **kwargs):
        Campus.objects.create(school=school, name="Điểm mới")
        if error is not None:
            raise error
        return "Chào"

    monkeypatch.setattr(module, "greeting", write_then_fail)
    clerk_client.raise_request_exception = False
    clerk_client.get(f"/truong/{school.code}/")
    with open_scope([school.pk]):
        assert Campus.objects.filter(name="Điểm mới").exists() is (error is None)


def test_a_refusal_is_in_the_log(school, make_user, sign_in):
    teacher = sign_in(make_user("teacher", school.unit))
    assert teacher.get(f"/truong/{school.code}/can-bo/").status_code == 403
    with open_scope([school.pk], all_schools=True):
        assert AccessLog.objects.filter(kind="denied").values_list("actor", flat=True).get() == "Teacher"
