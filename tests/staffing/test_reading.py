"""Instances read from files: the benchmark's text and our own JSON."""

from pathlib import Path

import pytest

from forecasting.errors import InputError
from staffing.roster import read_instance

TEXT = """# a comment
SECTION_HORIZON
14
SECTION_SHIFTS
D,480,
N,600,D
SECTION_STAFF
A,D=14|N=3,4320,3360,5,2,2,1
SECTION_DAYS_OFF
A,0,3
SECTION_SHIFT_ON_REQUESTS
A,2,D,2
SECTION_SHIFT_OFF_REQUESTS
A,5,N,3
SECTION_COVER
0,D,5,100,1
"""


def _written(folder: Path, text: str, name: str = "one.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_text_of_the_benchmark_becomes_an_instance(tmp_path):
    instance = read_instance(_written(tmp_path, TEXT))
    person = instance.people[0]
    assert instance.length == 14
    assert instance.days[0].weekday() == 0
    assert instance.forbidden == (("N", "D"),)
    assert [t.minutes for t in instance.templates] == [480, 600]
    assert len(person.days) == 12
    assert instance.days[3] not in person.days
    assert person.limits.most_shifts == (("D", 14), ("N", 3))
    assert [(w.wants, w.shift, w.weight) for w in person.wishes] == [
        (True, "D", 2),
        (False, "N", 3),
    ]
    cover = instance.covers[0]
    assert (cover.wanted, cover.price_under, cover.price_over) == (5, 100, 1)


def test_our_own_json_comes_back_as_it_went(tmp_path):
    instance = read_instance(_written(tmp_path, TEXT))
    path = _written(tmp_path, instance.to_json(), "one.json")
    assert read_instance(path) == instance


@pytest.mark.parametrize(
    ("wrong", "right", "line"),
    [
        ("A,0,3", "A,0,14", 10),
        ("A,0,3", "B,0,3", 10),
        ("A,2,D,2", "A,2,X,2", 12),
        ("A,2,D,2", "A,2,D,-1", 12),
        ("N,600,D", "N,600,E", 6),
        ("N,600,D", "N,1500,D", 6),
        ("A,D=14|N=3", "A,D=14|X=3", 8),
        ("3360,5,2,2,1", "3360,5,2,2", 8),
        ("0,D,5,100,1", "0,D,five,100,1", 16),
        ("SECTION_COVER", "SECTION_COVERS", 15),
    ],
)
def test_a_wrong_line_is_named(tmp_path, wrong, right, line):
    path = _written(tmp_path, TEXT.replace(wrong, right))
    with pytest.raises(InputError, match=f"one.txt, line {line}: expected") as error:
        read_instance(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("section", ["HORIZON", "SHIFTS", "STAFF"])
def test_a_missing_section_is_named(tmp_path, section):
    kept, inside = [], False
    for line in TEXT.splitlines():
        inside = line == f"SECTION_{section}" or (
            inside and not line.startswith("SECTION")
        )
        kept += [] if inside else [line]
    with pytest.raises(InputError, match=f"SECTION_{section}"):
        read_instance(_written(tmp_path, "\n".join(kept)))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.txt"):
        read_instance(tmp_path / "nowhere.txt")
