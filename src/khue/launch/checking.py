"""``./khue check``: exactly what CI checks besides tests."""

import subprocess
import sys
import time

from . import environment
from .folders import CHECKOUT

CHECKS = (
    ("lint", ["ruff", "check", "src", "e2e", "bench", "conftest.py", "khue"]),
    ("format", ["ruff", "format", "--check", "src", "e2e", "bench", "conftest.py", "khue"]),
    ("types", ["mypy"]),
    ("imports", ["importlinter.cli", "lint"]),
    ("migrations", ["khue.config.manage", "makemigrations", "--check", "--dry-run"]),
    ("system", ["khue.config.manage", "check", "--fail-level", "WARNING"]),
    ("templates", ["djlint", "src", "--lint", "--quiet"]),
    ("spelling", ["codespell_lib", "README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md"]),
)


def main() -> None:
    wanted = set(sys.argv[1:])
    failed = []
    for name, (module, *arguments) in CHECKS:
        if wanted and name not in wanted:
            continue
        start = time.monotonic()
        command = [sys.executable, "-W", "ignore::RuntimeWarning", "-m", module, *arguments]
        if name == "imports":
            command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
        result = subprocess.run(command, cwd=CHECKOUT, env=environment.variables(), capture_output=True, text=True)
        seconds = time.monotonic() - start
        print(f"{name:<11} {'ok' if result.returncode == 0 else 'SAI'}  {seconds:5.1f} s", flush=True)
        if result.returncode:
            failed.append(name)
            print(result.stdout[-6000:], result.stderr[-3000:], sep="\n")
    if failed:
        sys.exit(f"Chưa đạt: {', '.join(failed)}")


if __name__ == "__main__":
    main()
