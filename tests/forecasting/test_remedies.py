"""What is refused is told in plain numbers, with a remedy that fits."""

from datetime import date

import pytest

from forecasting.errors import InputError
from forecasting.ingest.values import plain
from forecasting.notes import Adjustment, Exclusion
from tests.forecasting.small_home import bring

STOCK = """Peildatum;Document;Week van afloop;Leeftijdsklasse;Wijk;Soort;Aantal
2026-11-02;Paspoort;2027-01-04;30-44;X;outstanding;12
2026-11-02;Paspoort;2027-01-04;30-44;X;outstanding;{count}
"""


def test_a_cell_that_stands_twice_in_a_stock_is_to_be_added_up(workspace, tmp_path):
    file = tmp_path / "stock.csv"
    again = STOCK.splitlines()[1] + "\n"
    file.write_text(STOCK.format(count=3) + again, "utf-8")
    with pytest.raises(InputError, match="add such rows up") as caught:
        bring(workspace, file, "registry_expiries")
    assert "'identity'" not in str(caught.value)
    assert "Peildatum, Document, Week van afloop" in str(caught.value)


def test_a_bound_is_written_out(workspace, tmp_path):
    file = tmp_path / "stock.csv"
    text = STOCK.replace("30-44;X;outstanding;12", "18-29;X;outstanding;99999999999")
    file.write_text(text.format(count=99_999_999_999), "utf-8")
    with pytest.raises(InputError, match="over 10,000,000"):
        bring(workspace, file, "registry_expiries")


@pytest.mark.parametrize(
    ("number", "text"),
    [(1e7, "10,000,000"), (0.5, "0.5"), (-3.0, "-3"), (1e300, "1e+300")],
)
def test_numbers_are_written_as_people_write_them(number, text):
    assert plain(number) == text


@pytest.mark.parametrize("plus", [-99_999.0, 99_999.0, float("nan"), float("inf")])
def test_no_desk_gets_so_many_more_or_fewer_a_day(plus):
    day = date(2026, 11, 2)
    with pytest.raises(InputError, match="from -10,000 to 10,000"):
        Adjustment(day, day, "open day", plus=plus)


@pytest.mark.parametrize("year", [1951, 2100])
def test_a_note_is_of_an_age_with_exports(year):
    day = date(year, 11, 2)
    with pytest.raises(InputError, match="a year from 1990 to 2099"):
        Exclusion(day, day, "moved")
