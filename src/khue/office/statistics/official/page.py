"""An official table as HTML: heads in groups, parts under their whole, every figure a door."""

from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from khue.base.core.text import dotted, signed

from .basis import Filled
from .shape import Column, Row, Table


def table_html(one: Filled, door: str, *, before_label: str) -> SafeString:
    """The whole table. ``door``: the address of the rows behind a figure, without the figure."""
    with_before = one.before is not None
    body = "\n".join(_row(one, row, escape(door), with_before) for row in shown_rows(one))
    title = escape(one.table.title)
    return mark_safe(  # noqa: S308  # labels are escaped, the rest is numbers and our own addresses
        f'<div class="tbl-box" tabindex="0" role="region" aria-label="{title}"><table class="tbl stat">'
        f"<thead>{_head(one.table, before_label if with_before else '')}</thead><tbody>{body}</tbody></table></div>"
    )


def shown_rows(one: Filled) -> list[Row]:
    """Rows of a family (each ethnic group) appear where something occurs."""
    return [
        row for row in one.table.rows
        if not row.family or any(one.cells.get((row.code, column.code)) for column in one.table.columns)
    ]  # fmt: skip


def groups(table: Table) -> list[tuple[str, list[Column]]]:
    """Neighbouring columns under their heading; a column without one stands alone."""
    found: list[tuple[str, list[Column]]] = []
    for column in table.columns:
        if column.group and found and found[-1][0] == column.group:
            found[-1][1].append(column)
        else:
            found.append((column.group, [column]))
    return found


def _head(table: Table, before_label: str) -> str:
    parts = groups(table)
    two = any(group for group, _columns in parts)
    rowspan = ' rowspan="2"' if two else ""
    top = [f'<th scope="col"{rowspan}>{escape(_("Nội dung"))}</th>']
    second = []
    for group, columns in parts:
        if not group:
            top.append(f'<th scope="col"{rowspan} class="r">{escape(columns[0].label)}</th>')
            continue
        top.append(f'<th scope="colgroup" colspan="{len(columns)}" class="grp">{escape(group)}</th>')
        second += [
            f'<th scope="col" class="r{"" if n else " first"}">{escape(column.label)}</th>'
            for n, column in enumerate(columns)
        ]
    if before_label:
        label = escape(_("So với"))
        top.append(f'<th scope="col"{rowspan} class="r first">{label}<br>{escape(before_label)}</th>')
    return f"<tr>{''.join(top)}</tr>" + (f"<tr>{''.join(second)}</tr>" if two else "")


def _row(one: Filled, row: Row, door: str, with_before: bool) -> str:
    table = one.table
    label = escape(row.label)
    if row.of:
        label = f'<span class="sub">{label}</span>'
    if row.entered:
        label += f' <span class="tiny muted">{escape(_("nhập tay"))}</span>'
    starts = {columns[0].code for group, columns in groups(table) if group}
    cells = [_cell(one, row, column, door, "r first" if column.code in starts else "r") for column in table.columns]
    if with_before:
        cells.append(_change(one, row))
    css = "total" if not row.of and not row.entered and row.code in ("0", "1") else ""
    return f'<tr class="{css}" title="{_meaning(table, row)}"><th scope="row">{label}</th>{"".join(cells)}</tr>'


def _meaning(table: Table, row: Row) -> str:
    """What a row counts and by which text: shown on hover over its figures."""
    if row.entered:
        return escape(_("Số trường nhập tay trong kỳ báo cáo"))
    names = [*row.when.takes, *row.when.leaves]
    parts = [f"{table.cube.dimensions[name].definition} ({table.cube.dimensions[name].source})" for name in names]
    return escape(" ".join([*dict.fromkeys(parts)] or [str(table.cube.definition)]))


def _cell(one: Filled, row: Row, column: Column, door: str, css: str) -> str:
    if not one.table.applies(row, column):
        return f'<td class="{css}"><span class="faint" aria-label="{escape(_("không áp dụng"))}">×</span></td>'
    value = one.cells.get((row.code, column.code))
    if value is None:
        return f'<td class="{css}"><span class="faint" title="{escape(_("chưa nhập"))}">…</span></td>'
    if not value:
        return f'<td class="{css}"><span class="faint">0</span></td>'
    url = f"{door}&amp;bieu={one.table.code}&amp;dong={row.code}&amp;cot={column.code}"
    return f'<td class="{css}"><a class="door" href="{url}" data-open="ten">{dotted(value)}</a></td>'


def _change(one: Filled, row: Row) -> str:
    now, before = one.cells.get((row.code, "T")), (one.before or {}).get((row.code, "T"))
    if now is None or before is None:
        return '<td class="r first"></td>'
    label = escape(_("Năm trước {n}").format(n=dotted(before)))
    return f'<td class="r first" title="{label}">{signed(now - before)}</td>'
