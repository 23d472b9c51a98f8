"""``./khue bench [NAME]``: figures beside a floor measured in the same run, on a database of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import database, environment
from .folders import CHECKOUT
from .postgres import DatabaseTrouble, embedded, trouble


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="khue-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  # our own folder: the database's system user must reach its data in it
        (Path(folder) / "venv").symlink_to(Path(sys.prefix))
        os.environ["KHUE_HOME"] = folder
        try:
            server = embedded(name="bench")
            server.start()
        except DatabaseTrouble as error:
            trouble(error)
        try:
            urls = database.prepare_embedded(server)
            database.migrate(urls)
            database.manage(["collectstatic", "--noinput", "--verbosity", "0"], urls)
            command = [sys.executable, "-m", "bench", *sys.argv[1:]]
            code = subprocess.run(command, env={**environment.variables(), **urls}, cwd=CHECKOUT).returncode
        finally:
            server.stop()
            shutil.rmtree(server.data, ignore_errors=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
