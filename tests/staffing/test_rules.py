"""Settings of this room: what is lost of time, visits that do not come."""

from pathlib import Path

import pytest

from forecasting.errors import PolicyError
from forecasting.policy import load_policy
from staffing.standards import (
    Arrival,
    Missed,
    NoShow,
    Punctuality,
    Shrinkage,
    Standards,
)

SKILL = '[skill.phone]\ntarget = 0.8\nthreshold_s = 25\nsource = "t"\n'
KINDS = {
    "sickness": Shrinkage(share=0.05, per="day", source="t"),
    "training": Shrinkage(share=0.1, per="hour", source="t"),
}


def read(folder: Path, text: str) -> Standards:
    file = folder / "standards.toml"
    file.write_text(text, "utf-8")
    return load_policy(file, Standards)


def test_each_kind_takes_its_share_of_what_others_leave() -> None:
    standards = Standards(skill={}, shrinkage=KINDS)
    assert standards.at_work == pytest.approx(0.95 * 0.9)
    assert standards.lost == pytest.approx(1 - 0.95 * 0.9)
    assert Standards(skill={}).lost == 0


@pytest.mark.parametrize("name", ["shrinkage", "no_show"])
def test_a_plain_number_is_refused_with_what_to_write(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(PolicyError, match=rf"'{name}'.*write \[{name}.*share = "):
        read(tmp_path, f"{name} = 0.12\n{SKILL}")


@pytest.mark.parametrize(
    "wrong", ['share = 1.0\nper = "day"', 'share = 0.1\nper = "x"']
)
def test_a_share_of_1_or_an_unknown_stretch_is_refused(
    tmp_path: Path, wrong: str
) -> None:
    with pytest.raises(PolicyError, match=r"shrinkage\.illness"):
        read(tmp_path, f'{SKILL}[shrinkage.illness]\n{wrong}\nsource = "t"\n')


@pytest.mark.parametrize(
    ("field", "setting"),
    [
        ("futures", "futures = 100_000"),
        ("check_replications", "check_replications = 1_000_000"),
        ("minimum_people", f"{SKILL}minimum_people = 1_000"),
        ("arrival_cv", f"{SKILL}arrival_cv = 50"),
    ],
)
def test_a_setting_that_no_machine_reckons_with_is_refused(
    tmp_path: Path, field: str, setting: str
) -> None:
    text = setting if SKILL in setting else f"{setting}\n{SKILL}"
    with pytest.raises(PolicyError, match=f"{field}': Input should be less than"):
        read(tmp_path, text)


@pytest.mark.parametrize("pool", ["[]", '["phone"]', '["phone", "phone"]'])
def test_a_pool_of_less_than_two_skills_is_refused(tmp_path: Path, pool: str) -> None:
    with pytest.raises(PolicyError, match="'pools': expected pools of two skills"):
        read(tmp_path, f"pools = [{pool}]\n{SKILL}")


def test_time_that_is_all_but_lost_is_refused(tmp_path: Path) -> None:
    kind = '[shrinkage.{0}]\nshare = 0.7\nper = "day"\nsource = "t"\n'
    with pytest.raises(PolicyError, match="at most 90% of the time together, came 91"):
        read(tmp_path, SKILL + kind.format("one") + kind.format("two"))


@pytest.mark.parametrize("verb", ["helps", "fills"])
def test_help_to_a_skill_without_a_standard_is_refused(
    tmp_path: Path, verb: str
) -> None:
    with pytest.raises(PolicyError, match=f"skill 'phone' {verb} 'fone'"):
        read(tmp_path, f'{SKILL}{verb} = ["fone"]\n')


def test_no_shows_grow_with_the_weeks_between_asking_and_visit() -> None:
    rule = NoShow(
        share=0.05,
        per_week=0.01,
        most=0.08,
        service={"birth": Missed(share=0.02, source="t")},
    )
    found = [rule.share_of("passport", weeks) for weeks in (0, 1, 3, 9)]
    assert found == pytest.approx([0.05, 0.05, 0.07, 0.08])
    assert [rule.share_of("birth", weeks) for weeks in (0, 9)] == [0.02, 0.02]


def test_a_service_may_be_punctual_in_its_own_way() -> None:
    own = Arrival(mean_s=-600, sd_s=60, source="t")
    rule = Punctuality(mean_s=-180, sd_s=300, service={"marriage": own})
    assert rule.of("marriage") is own
    assert rule.of("passport").sd_s == 300
