"""Loading and reading on the real database; the template that tests are cloned from has the catalogue loaded."""

from datetime import date, timedelta

import pytest

from khue.base.catalog import selectors
from khue.base.catalog.models import AdminUnit, CatalogState, Code, CodeList, CodeMapping
from khue.base.catalog.services import load_catalog

TODAY = date(2026, 11, 24)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_copy():
    selectors.forget()
    yield
    selectors.forget()


@pytest.fixture
def reload(django_capture_on_commit_callbacks):
    """Load the data files, as if the transaction had been committed."""

    def load():
        with django_capture_on_commit_callbacks(execute=True):
            return load_catalog()

    return load


def version() -> int:
    return CatalogState.objects.get().version


def test_loading_again_changes_nothing(reload):
    before, rows = version(), Code.objects.count()
    assert not reload()
    assert (version(), Code.objects.count()) == (before, rows)


def test_what_differs_from_the_files_is_brought_back(reload):
    before = version()
    khmer = Code.objects.get(code_list__code="ethnicity", code="05")
    Code.objects.filter(pk=khmer.pk).update(name="Khơ me", aliases=[])
    AdminUnit.objects.filter(key="25747").update(name="Thủ Dầu Hai")
    diff = reload()
    assert diff.tables["code"].changed == ("ethnicity/05",)
    assert diff.tables["admin_unit"].changed == ("25747",)
    assert version() == before + 1
    assert CodeList.objects.get(code="ethnicity").version == 2
    assert CodeList.objects.get(code="sex").version == 1
    assert selectors.resolve("ethnicity", "Khmer") == "05"


def test_a_code_that_left_the_files_is_ended_not_deleted(reload):
    religion = CodeList.objects.get(code="religion")
    Code.objects.create(code_list=religion, code="dao_dua", name="Đạo Dừa", source="check", order=99)
    diff = reload()
    assert diff.tables["code"].ended == ("religion/dao_dua",)
    ended = Code.objects.get(code="dao_dua")
    assert ended.valid_to < date.today() + timedelta(days=1)
    assert selectors.names("religion")["dao_dua"] == "Đạo Dừa"
    assert "dao_dua" not in dict(selectors.choices("religion"))
    assert not reload()


def test_a_mapping_that_left_the_files_is_used_no_more(reload):
    sex = CodeList.objects.get(code="sex")
    CodeMapping.objects.create(code_list=sex, system="smas", direction="in", external_code="9", code="1")
    assert reload().tables["mapping"].ended == ("sex/smas/in/9",)
    assert selectors.mapping("sex", "moet_form", "in") == {"01": "1", "02": "0"}
    assert selectors.mapping("sex", "moet_form", "out") == {"1": "01", "0": "02"}
    assert selectors.mapping("sex", "smas", "in") == {}


def test_lists_are_read_once_and_in_order(django_assert_num_queries):
    assert list(selectors.names("level").items()) == [
        ("MN", "Mầm non"),
        ("TH", "Tiểu học"),
        ("THCS", "Trung học cơ sở"),
    ]
    with django_assert_num_queries(0):
        assert selectors.name_of("level", "TH") == "Tiểu học"
        assert selectors.name_of("level", "khac") == "khac"
        assert selectors.is_valid("level", "THCS", TODAY)
        assert not selectors.is_valid("level", "THPT", TODAY)
    with pytest.raises(selectors.UnknownListError):
        selectors.names("khong_co")


def test_another_process_sees_a_load_within_seconds(monkeypatch):
    assert selectors.names("sex")["1"] == "Nam"
    Code.objects.filter(code_list__code="sex", code="1").update(name="Con trai")
    CatalogState.objects.update(version=version() + 1)
    assert selectors.names("sex")["1"] == "Nam"
    monkeypatch.setattr(selectors, "CHECK_SECONDS", 0)
    assert selectors.names("sex")["1"] == "Con trai"


def test_validity_follows_the_day():
    assert selectors.resolve("rank_code", "V.07.03.09", date(2020, 9, 1)) == "V.07.03.09"
    assert selectors.resolve("rank_code", "V.07.03.09", TODAY) is None
    assert not selectors.is_valid("rank_code", "V.07.03.09", TODAY)
    assert ("V.07.03.29", "Giáo viên tiểu học hạng III") in selectors.choices("rank_code", TODAY)


@pytest.mark.parametrize(
    ("text", "within", "key"),
    [
        ("Phường Phú Cường", "", "c25747"),
        ("P. Phú Cường, TP Thủ Dầu Một, Bình Dương", "", "c25747"),
        ("Phường Thủ Dầu Một", "", "25747"),
        ("phu loi", "79", "25750"),
        ("Phường Phú Lợi", "c718", "c25744"),
        ("P Tân An, Thủ Dầu Một", "", "c25765"),
        ("Phường Tân An", "79", "c25765"),
        ("Phường 05, Quận 5, TPHCM", "", "c27334"),
        ("Xá Lượng", "", "c16921"),
        ("Phường Tân An", "", None),
        ("Phường không có", "", None),
        ("", "", None),
    ],
)
def test_wards_are_found_as_people_write_them(text, within, key):
    found = selectors.find_ward(text, TODAY, within=within)
    assert (found and found.key) == key


def test_provinces_and_wards_of_a_day():
    assert len(selectors.provinces(TODAY)) == 34
    assert len(selectors.provinces(date(2025, 1, 1))) == 63
    assert selectors.find_province("TP. Hồ Chí Minh", TODAY).key == "79"
    assert selectors.find_province("Bình Dương", TODAY).key == "c74"
    before = {ward.full_name for ward in selectors.wards_of("74", date(2025, 6, 30))}
    assert "Phường Phú Cường" in before
    assert selectors.wards_of("74", TODAY) == []
    assert len(selectors.wards_of("79", TODAY)) == 168


def test_successors_of_a_divided_ward_name_the_default_first():
    assert [unit.key for unit in selectors.successors("c25741")] == ["25750", "25747"]
    assert [unit.key for unit in selectors.successors("c74")] == ["79"]
    assert selectors.unit("25750").full_name == "Phường Phú Lợi"
