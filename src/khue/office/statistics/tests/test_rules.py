"""Order of values and the table with subtotals."""

from hypothesis import given
from hypothesis import strategies as st

from khue.office.statistics.rules import natural, pivot

values = st.sampled_from(["a", "b", "c"])
combinations = st.dictionaries(st.tuples(values, values, values, values), st.integers(1, 50), max_size=30)


def test_numbers_inside_words_sort_by_size():
    assert sorted(["6A10", "6A2"], key=natural) == ["6A2", "6A10"]
    assert sorted(["10", "9", "-"], key=natural)[-2:] == ["9", "10"]


def test_subtotals_stand_before_their_rows_and_after_their_columns():
    rows = [("1", "6", "0", 2), ("1", "6", "1", 3), ("1", "7", "1", 4), ("2", "6", "0", 5)]
    table = pivot(rows, rows=2, orders=[natural])
    assert table.rows == [("1",), ("1", "6"), ("1", "7"), ("2",), ("2", "6")]
    assert table.columns == [("0",), ("1",), ()]
    assert table.cells[("1",), ("1",)] == 7
    assert table.cells[("1", "6"), ()] == 5
    assert (("1", "7"), ("0",)) not in table.cells
    assert table.total == 14


def test_two_dimensions_across_close_each_group():
    rows = [("x", "1", "0", 1), ("x", "1", "1", 1), ("x", "0", "0", 1)]
    assert pivot(rows, rows=1, orders=[natural, natural]).columns == [
        ("0", "0"),
        ("0",),
        ("1", "0"),
        ("1", "1"),
        ("1",),
        (),
    ]


def test_nothing_asked_is_one_figure():
    assert pivot([(7,)], rows=0).total == 7
    assert pivot([], rows=2, orders=[natural]).total == 0


@given(combinations, st.integers(0, 4))
def test_every_level_adds_up_to_the_total(found, rows):
    table = pivot([(*key, n) for key, n in sorted(found.items())], rows=rows, orders=[natural] * (4 - rows))
    for depth in range(1, rows + 1):
        assert sum(n for (row, column), n in table.cells.items() if len(row) == depth and column == ()) == table.total
    for depth in range(1, 5 - rows):
        assert sum(n for (row, column), n in table.cells.items() if row == () and len(column) == depth) == table.total
    assert table.total == sum(found.values())
