"""Django's command line: ``./khue manage …``."""

import os
import signal
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    if hasattr(signal, "SIGPIPE"):
        # "./khue manage statistics … | head" ends quietly
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khue.config.settings")
    execute_from_command_line(["./khue manage", *sys.argv[1:]])


if __name__ == "__main__":
    main()
