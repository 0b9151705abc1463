"""An instance and a roster travel as JSON and come back the same."""

import json

import pytest

from forecasting.errors import InputError
from staffing.roster import Instance, Roster, verify
from staffing.roster.people import Wish
from staffing.roster.result import Conflict, Cure, Shortfall
from tests.staffing.planted_breaches import named_days, roster, shift
from tests.staffing.rich_weeks import rich_week
from tests.staffing.roster_weeks import WEEK, moment


def rich_roster() -> Roster:
    cure = Cure(text="one more", text_nl="een meer", saves=12.5)
    short = Shortfall(
        location="hall",
        skill="phone",
        start=moment(WEEK, 12),
        end=moment(WEEK, 13),
        short=1,
        quarters=4,
        reason="all at lunch",
        reason_nl="iedereen luncht",
        cures=(cure,),
    )
    conflict = Conflict(rule="daily_rest", person="A", text="late", text_nl="laat")
    work = (shift(), shift("B", 1, 9, 17, (12, 12.5)))
    more = {"shortfalls": (short,), "conflicts": (conflict,)}
    return roster(rich_week(), *work, **more)


@pytest.mark.parametrize("instance", [rich_week(), named_days()], ids=["rich", "named"])
def test_an_instance_comes_back_the_same_with_the_same_hash(instance):
    again = Instance.from_json(instance.to_json())
    assert again == instance
    assert again.to_json() == instance.to_json()
    assert again.hash == instance.hash


def test_a_roster_comes_back_the_same_and_is_judged_the_same():
    made = rich_roster()
    again = Roster.from_json(made.to_json())
    assert again == made
    assert verify(rich_week(), again) == verify(rich_week(), made)


def test_the_json_of_a_rich_week_tells_every_field():
    told = json.loads(rich_week().to_json())
    person = told["people"][0]
    assert all(told[name] for name in set(Instance.model_fields) - {"skills"})
    assert all(person[name] for name in person)


def test_another_week_has_another_hash():
    week = rich_week()
    assert week.model_copy(update={"length": 8}).hash != week.hash
    person = week.people[0]
    wish = Wish(day=WEEK, wants=True, weight=1)
    asked = person.model_copy(update={"wishes": (*person.wishes, wish)})
    other = week.model_copy(update={"people": (asked, *week.people[1:])})
    assert other.hash != week.hash
    assert other.person["A"].wishes[-1] == wish


def extended(text: str, *path: str | int) -> str:
    document = json.loads(text)
    part = document
    for step in path:
        part = part[step]
    part["surprise"] = 1
    return json.dumps(document)


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("people", 1),
        ("people", 0, "limits"),
        ("demands", 3),
        ("known", "shifts", 0),
    ],
    ids=str,
)
def test_an_unknown_field_of_an_instance_is_refused_in_one_line(path):
    text = extended(rich_week().to_json(), *path)
    where = ".".join(str(step) for step in (*path, "surprise"))
    with pytest.raises(InputError) as caught:
        Instance.from_json(text)
    assert f"expected an instance, field '{where}'" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("path", [(), ("assignments", 0), ("objective",)], ids=str)
def test_an_unknown_field_of_a_roster_is_refused_in_one_line(path):
    with pytest.raises(InputError, match=r"surprise'.*not permitted"):
        Roster.from_json(extended(rich_roster().to_json(), *path))


@pytest.mark.parametrize("text", ["", "[]", "{", "nonsense", "null", '{"week": 3}'])
def test_what_is_no_instance_is_refused_in_one_line(text):
    with pytest.raises(InputError, match="expected an instance") as caught:
        Instance.from_json(text)
    assert "\n" not in str(caught.value)
