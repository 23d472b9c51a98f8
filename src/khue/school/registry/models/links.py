"""Which account is which person: read before the scope is known, so without policy; selectors guard it."""

from django.conf import settings
from django.db import models


class UserLink(models.Model):
    """An account and the persons it stands for: at most one staff member, one guardian, one pupil."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="link")
    staff = models.OneToOneField("registry.StaffMember", models.SET_NULL, null=True, blank=True, related_name="+")
    guardian = models.OneToOneField("registry.Guardian", models.SET_NULL, null=True, blank=True, related_name="+")
    pupil = models.OneToOneField("registry.Pupil", models.SET_NULL, null=True, blank=True, related_name="+")
