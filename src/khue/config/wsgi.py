"""The web application (WSGI)."""

import os

from django.core.wsgi import get_wsgi_application

from khue.base.core.process import die_with_parent, settle_memory

# a web worker must not outlive the server that was killed: it would keep the port
die_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khue.config.settings")
application = get_wsgi_application()
settle_memory()
