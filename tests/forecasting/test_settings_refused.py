"""Every number of config/forecast.toml, replaced by what no setting can be."""

import copy
import math
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from forecasting.errors import PolicyError
from forecasting.policy import load_policy
from forecasting.tuning import Tuning

CONFIG = Path(__file__).parents[2] / "config" / "forecast.toml"
WHOLE = tomllib.loads(CONFIG.read_text("utf-8"))
AROUND = ("breaks", "fee_weeks", "points")
"""Lists of weeks that may lie before what they are around."""

NO_NUMBERS = (math.nan, math.inf, -math.inf, 1e300, True, "5", "much")

Place = tuple[str | int, ...]


def numbers(part: object, place: Place = ()) -> Iterator[Place]:
    """Where a number stands, at any depth."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from numbers(value, (*place, key))
    elif isinstance(part, list):
        for key, value in enumerate(part):
            yield from numbers(value, (*place, key))
    elif isinstance(part, int | float):
        yield place


def with_value(place: Place, value: object) -> dict[str, object]:
    changed = copy.deepcopy(WHOLE)
    part: Any = changed
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    return changed


def as_toml(value: object, inner: bool = False) -> str:
    if isinstance(value, dict) and inner:
        pairs = (f"{key} = {as_toml(one, True)}" for key, one in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(as_toml(one, True) for one in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else repr(value)


def write(file: Path, settings: dict[str, object]) -> Path:
    lines = (
        f'"{key}" = {as_toml(value, isinstance(value, dict))}'
        for key, value in settings.items()
    )
    file.write_text("\n".join(lines), "utf-8")
    return file


def refusal(file: Path, place: Place, value: object) -> str:
    write(file, with_value(place, value))
    with pytest.raises(PolicyError) as caught:
        load_policy(file, Tuning)
    return str(caught.value)


def named(place: Place, value: object) -> str:
    """The field that is refused for a value in that place."""
    with pytest.raises(ValidationError) as caught:
        Tuning.model_validate(with_value(place, value))
    return dotted(caught.value.errors()[0]["loc"])


def dotted(place: Place) -> str:
    return ".".join(str(part) for part in place)


def test_the_settings_as_written_again_are_those_that_ship(tmp_path):
    again = load_policy(write(tmp_path / "forecast.toml", WHOLE), Tuning)
    assert again == load_policy(CONFIG, Tuning)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
def test_no_setting_is_boundless_or_anything_but_a_number(value):
    for place in numbers(WHOLE):
        assert named(place, value) == dotted(place)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
def test_what_is_refused_is_one_line_with_file_section_and_key(tmp_path, value):
    file = tmp_path / "forecast.toml"
    for place in list(numbers(WHOLE))[::40]:
        said = refusal(file, place, value)
        assert said.startswith(f"{file}: field '{dotted(place)}': ")
        assert "\n" not in said


def test_no_setting_but_a_week_before_something_is_negative():
    for place in numbers(WHOLE):
        if not any(name in place for name in AROUND):
            assert named(place, -1) == dotted(place)


def test_no_whole_number_is_a_billion():
    for place in numbers(WHOLE):
        assert named(place, 10**9) == dotted(place)


def test_no_list_is_empty_but_those_of_edges_within_a_whole():
    for place in {p[:-1] for p in numbers(WHOLE) if isinstance(p[-1], int)}:
        if place[-1] not in ("group_days", "breaks"):
            assert named(place, []).split(".")[0] == place[0]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("horizon_days",), 30_000),
        (("slot_weeks",), 10**9),
        (("default_profile", "weekday"), [0, 0, 0, 0, 0, 0, 0]),
        (("default_profile", "hour_from"), [0, 9, 9, 12, 13, 15, 17]),
        (("visits", "collected_after"), [0.0, 0.0]),
        (("intervals", "group_days"), [91, 28]),
        (("explaining", "horizons"), [28, 7]),
    ],
    ids=str,
)
def test_a_setting_that_makes_no_sense_beside_others_is_named(tmp_path, place, value):
    said = refusal(tmp_path / "forecast.toml", place, value)
    assert f"field '{place[0]}" in said
    assert place[-1] in said
