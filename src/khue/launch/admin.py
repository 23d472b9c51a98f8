"""``./khue manage …``: Django's command, with the database of this home running meanwhile."""

import os
import subprocess
import sys

from . import database, environment
from .postgres import DatabaseTrouble, embedded, trouble

AS_OWNER = {"migrate", "sqlmigrate", "dbshell", "flush"}
WITHOUT_DATABASE = {"config", "makemigrations", "collectstatic", "compilemessages", "makemessages", "help", "check"}


def run(arguments: list[str], urls: dict[str, str]) -> int:
    variables = {**environment.variables(), **urls}
    if arguments and arguments[0] in AS_OWNER:
        variables["KHUE_DATABASE_ROLE"] = "owner"
    return subprocess.run([sys.executable, "-m", "khue.config.manage", *arguments], env=variables).returncode


def main() -> None:
    arguments = sys.argv[1:]
    if arguments and arguments[0] in WITHOUT_DATABASE:
        sys.exit(run(arguments, {}))
    server = None
    try:
        if "DATABASE_URL" in os.environ:
            urls = database.prepare_external(os.environ["DATABASE_URL"])
        else:
            server = embedded()
            server.start()
            urls = database.prepare_embedded(server)
        if not database.is_migrated(urls["DATABASE_URL"]) and arguments[:1] != ["migrate"]:
            print("Tạo bảng và danh mục trong cơ sở dữ liệu …", file=sys.stderr, flush=True)
            database.migrate(urls)
        code = run(arguments, urls)
        if code == 0 and arguments[:1] == ["make_city"]:
            database.analyse(urls["DATABASE_URL"])
    except DatabaseTrouble as error:
        trouble(error)
    finally:
        # a server that a running ./khue start owns was adopted, not started: it stays
        if server is not None and server.process is not None:
            server.stop()
    sys.exit(code)


if __name__ == "__main__":
    main()
