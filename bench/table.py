"""One table of a benchmark."""

from dataclasses import dataclass, field


@dataclass
class Table:
    title: str
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, what: str, measured: str, floor: str = "", ratio: str = "") -> None:
        self.rows.append((what, measured, floor, ratio))

    def show(self) -> None:
        rows = [("what", "measured", "floor or target", "ratio"), *self.rows]
        widths = [max(len(row[n]) for row in rows) for n in range(4)]
        print(f"\n{self.title}")
        for n, row in enumerate(rows):
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
            if n == 0:
                print("  ".join("-" * width for width in widths))
