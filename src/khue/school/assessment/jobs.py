"""Every night: whether all marks are as they were written."""

from procrastinate.contrib.django import app

from khue.base.org.models import School

from .services.verifying import verify_school


@app.periodic(cron="0 2 * * *")
@app.task(name="assessment.verify_marks", queue="keeping")
def verify_marks_job(timestamp: int) -> None:
    """School by school, each in a transaction of its own: what one finds stays when another fails."""
    for school_id in School.objects.order_by("pk").values_list("pk", flat=True):
        verify_school(school_id)
