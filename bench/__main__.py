"""``python -m bench [NAME …]`` inside the environment that ``./khue bench`` prepares."""

import os
import sys

import django

os.environ.setdefault("KHUE_HOSTS", "localhost,127.0.0.1,testserver")


def main() -> None:
    django.setup()
    from . import city, imports, imports_city, marks, pages, tables

    modules = (imports, pages, city, tables, imports_city, marks)
    known = {module.__name__.rsplit(".", 1)[1]: module.run for module in modules}
    wanted = sys.argv[1:] or ["imports", "pages"]  # the city takes minutes and a database of its own
    unknown = [name for name in wanted if name not in known]
    if unknown:
        sys.exit(f"Không có phép đo {unknown[0]!r}; có: {', '.join(known)}")
    for name in wanted:
        known[name]()


main()
