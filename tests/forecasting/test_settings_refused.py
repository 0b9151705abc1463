"""Every number of config/forecast.toml, replaced by what no setting can be."""

import copy
import math
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from forecasting.errors import PolicyError
from forecasting.policy import load_policy
from forecasting.tuning import Tuning

CONFIG = Path(__file__).parents[2] / "config" / "forecast.toml"
WHOLE = tomllib.loads(CONFIG.read_text("utf-8"))
AROUND = ("breaks", "fee_weeks", "points")
"""Lists of weeks that may lie before what they are around."""

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
    part = changed
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


def test_the_settings_as_written_again_are_those_that_ship(tmp_path):
    again = load_policy(write(tmp_path / "forecast.toml", WHOLE), Tuning)
    assert again == load_policy(CONFIG, Tuning)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, 1e300, True, "5", "much"], ids=repr
)
def test_no_setting_is_boundless_or_anything_but_a_number(tmp_path, value):
    file = tmp_path / "forecast.toml"
    for place in numbers(WHOLE):
        said = refusal(file, place, value)
        key = ".".join(str(part) for part in place)
        assert said.startswith(f"{file}: field '{key}': "), (place, said)
        assert "\n" not in said


def test_no_setting_but_a_week_before_something_is_negative(tmp_path):
    file = tmp_path / "forecast.toml"
    for place in numbers(WHOLE):
        if not any(name in place for name in AROUND):
            assert f"'{'.'.join(map(str, place))}'" in refusal(file, place, -1), place


def test_no_whole_number_is_a_billion_and_no_list_is_empty(tmp_path):
    file = tmp_path / "forecast.toml"
    for place in numbers(WHOLE):
        assert refusal(file, place, 10**9).startswith(f"{file}: field '")
    lists = {place[:-1] for place in numbers(WHOLE) if isinstance(place[-1], int)}
    for place in lists:
        accepted = place in {("intervals", "group_days")} or "breaks" in place
        if not accepted:
            assert refusal(file, place, []).startswith(f"{file}: field '")


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
