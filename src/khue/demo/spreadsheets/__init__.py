"""The demonstration city as the spreadsheets its schools would have: three layouts, and two files in old encodings.

Layouts: "khue" (the project's templates, clean), "c1-hocsinh" (download of the school site of the sector database),
"admission-list" (a list the school made itself). The last two carry the faults that such files have.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from ..city import City
from . import admission, c1, khue, legacy

LAYOUTS: dict[str, Callable[[City, Path], list[Path]]] = {
    "khue": khue.write,
    "c1-hocsinh": c1.write,
    "admission-list": admission.write,
}


def write_spreadsheets(city: City, folder: Path, *, layouts: Iterable[str] = tuple(LAYOUTS)) -> list[Path]:
    """Write the files of each layout into a folder of its name, the old encodings into "csv"; returns the paths.

    In each of them a school's files lie in a folder whose name begins with the school's code.
    """
    chosen = [LAYOUTS[name] for name in layouts]
    paths = [path for name, write in zip(layouts, chosen, strict=True) for path in write(city, folder / name)]
    return paths + legacy.write(city, folder / "csv")
