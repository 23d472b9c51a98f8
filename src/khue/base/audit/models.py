"""Access log (Nhật ký truy cập): sign-ins, refusals, reads of a person's record, exports. Append-only."""

import uuid

from django.conf import settings
from django.db import models


class AccessLog(models.Model):
    """One access; ``school_id`` is null for what belongs to no school. The key is made here, not by the database,
    because RETURNING would ask the SELECT policy too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    kind = models.CharField(max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=100)
    school = models.ForeignKey("org.School", models.PROTECT, null=True, related_name="+")
    record = models.CharField(max_length=40, blank=True, default="")
    record_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=45, blank=True, default="")
    detail = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["school", "record", "record_id"], name="access_record")]
