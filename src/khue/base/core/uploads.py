"""Uploads are refused by size before they are read."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes an upload to a temporary file; stops at ``upload_limit_mb`` for the whole request."""

    received = 0
    announced = 0

    def handle_raw_input(
        self, input_data: Any, meta: dict[str, str], content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        # a little room for the form's other fields and the boundaries; the fields before the first file, the token
        # among them, are still read, so that the page can say what is wrong
        self.announced = content_length - 1024 * 1024

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if max(self.received, self.announced) > settings.UPLOAD_LIMIT:
            self.request.upload_too_large = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)
