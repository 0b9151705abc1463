"""What a mapping can say of a field: each word of the language on a few rows."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.errors import PolicyError
from forecasting.ingest.drafting import draft_import
from forecasting.ingest.kinds.contact_targets import CONTACTS
from forecasting.ingest.mapping import SourceMapping, read_mapping
from forecasting.ingest.parsing import parse
from forecasting.ingest.products import check_products
from forecasting.settings import Settings
from forecasting.targets import Field

PHONE = "general/question/phone"


def mapping(**fields: object) -> SourceMapping:
    start = {"column": "at"}
    constants = {} if "product" in fields else {"product": PHONE}
    return SourceMapping.model_validate(
        {
            "kind": "contacts",
            "label": "test",
            "constants": {"location": "hall", **constants},
            "fields": {"start": start, **fields},
        }
    )


def problems(folder: Path, source: SourceMapping, **columns: list[object]) -> list[str]:
    """The reason of each row, empty where it is good."""
    height = len(next(iter(columns.values())))
    frame = pl.DataFrame({"at": ["2026-01-05 09:00"] * height, **columns})
    frame.write_csv(folder / "rows.csv")
    draft = draft_import(folder / "rows.csv", "test", source, CONTACTS)
    found = draft.shown().collect().sort("line in the file")["problem"]
    return ["" if place is None else draft.checks[place].reason for place in found]


def number(source: SourceMapping, **columns: list[object]) -> list[float | None]:
    frame = pl.DataFrame(columns)
    given = source.fields["handling_s"]
    value = parse(Field("handling_s", "number"), given, source, frame.schema)
    return frame.select(value).to_series().to_list()


def test_other_texts_become_otherwise_and_empty_ones_stay_missing(tmp_path):
    named = {"column": "what", "values": {"a": PHONE}}
    texts: list[object] = ["a", "b", None]
    without = problems(tmp_path, mapping(product=named), what=texts)
    assert without == ["", "unknown value", "missing value"]
    with_other = mapping(product=named | {"otherwise": "move/question/phone"})
    assert problems(tmp_path, with_other, what=texts) == ["", "", "missing value"]


def test_a_rule_is_asked_of_what_otherwise_makes(tmp_path):
    wrong = {"column": "what", "values": {"a": PHONE}, "otherwise": "no product"}
    found = problems(tmp_path, mapping(product=wrong), what=["a", "b"])
    assert found == ["", "expected service/step/channel"]
    with pytest.raises(PolicyError, match="no product"):
        check_products(Settings().config, "test", mapping(product=wrong))


def test_a_service_that_the_catalogue_lacks_is_named():
    stock = read_mapping(Settings().config, "registry_expiries")
    service = stock.fields["service"].model_copy(update={"values": {"Pas": "pass"}})
    wrong = stock.model_copy(update={"fields": {**stock.fields, "service": service}})
    with pytest.raises(PolicyError, match=r"expected service of the catalogue.*'pass'"):
        check_products(Settings().config, "test", wrong)


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_a_duration_by_the_clock_is_its_seconds(hours, minutes, seconds):
    source = mapping(handling_s={"column": "d", "clock": True})
    short, long = f"{minutes}:{seconds:02d}", f"{hours}:{minutes:02d}:{seconds:02d}"
    found = number(source, d=[short, long, "soon", "1:75"])
    all_seconds = 60.0 * minutes + seconds
    assert found == [all_seconds, 3600 * hours + all_seconds, None, None]


def test_a_total_is_shared_by_those_it_is_of():
    source = mapping(handling_s={"columns": ["a", "b"], "per": "n", "multiply": 60})
    found = number(source, a=[4, 0, 5, 1], b=[2, 0, 5, 1], n=[3, 0, 0, None])
    assert found == [120.0, 0.0, None, None]


def test_seconds_since_another_moment_cross_the_change_of_the_clock():
    source = mapping(handling_s={"column": "b", "since": "a"})
    found = number(
        source,
        a=["2026-10-24", "2026-10-24 12:00", "2026-03-29 02:30", "2026-01-01", None],
        b=["2026-10-26", "2026-10-25 12:00", "2026-03-29 04:00", "never", "2026-01-01"],
    )
    assert found == [2 * 86400.0, 25 * 3600.0, None, None, None]


def test_a_part_of_a_text_is_read_by_its_pattern(tmp_path):
    part = {"column": "what", "extract": r"/([^/]+)/?$", "values": {"x1": PHONE}}
    texts: list[object] = ["https://a.nl/types/x1", "https://b.nl/x1/", "x1"]
    found = problems(tmp_path, mapping(product=part), what=texts)
    assert found == ["", "", "unknown value"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"column": "a", "extract": "("}, "expected a regular expression"),
        ({"columns": ["a", "b"], "since": "c"}, "since needs one column"),
        ({"column": "a", "otherwise": 1}, "otherwise needs values"),
        ({"column": "a", "only_known": True}, "only_known needs values"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(tmp_path, wrong, reason):
    words = [f"{key} = {_toml(value)}" for key, value in wrong.items()]
    text = 'kind = "contacts"\nlabel = "x"\n[fields.start]\n' + "\n".join(words)
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "wrong.toml").write_text(text, "utf-8")
    with pytest.raises(PolicyError, match=reason) as refusal:
        read_mapping(tmp_path, "wrong")
    assert "\n" not in str(refusal.value)


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
