"""What the stored what-if says of a team: a standard that is tried, and one person."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import dataframely as dy
import polars as pl

from forecasting.errors import FieldError, MissingStepError
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.worked_for import worked_for
from staffing.standards import Standard
from staffing.whatif import (
    HoursByTarget,
    PersonHours,
    Tried,
    by_target,
    person_hours,
    points,
    try_point,
)

OPTIONS = {"factor": "handling", "target": "target", "threshold_s": "seconds"}
"""What the command line calls the axes."""


@dataclass(frozen=True)
class TeamWhatIf:
    """Answers about a location and skill; `is_old` when staffing was worked out since."""

    run: RunRecord
    is_old: bool
    location: str
    skill: str
    tried: Tried
    by_target: dy.DataFrame[HoursByTarget]
    person: dy.DataFrame[PersonHours]

    def figures(self) -> dict[str, object]:
        """All of it by name, for programs."""
        return {
            "run": self.run.id,
            **self.run.figures,
            "out_of_date": self.is_old,
            "location": self.location,
            "skill": self.skill,
            "asked": {**self.tried.asked, **asdict(self.tried.then)},
            "today": {**self.tried.today, **asdict(self.tried.now)},
            "more_hours": self.tried.more_hours,
            "by_target": self.by_target.to_dicts(),
            "one_person": self.person.to_dicts(),
        }


def stored_what_if(
    workspace: Workspace, skill: str, location: str | None, asked: Mapping[str, float]
) -> TeamWhatIf:
    """What a team needs at a point; what is not `asked` is as the requirement has it.

    Without a location the skill's only one is meant.

    Raises:
        MissingStepError: nothing was reckoned yet; the message names the command.
        FieldError: no such team, or a value beyond those that were reckoned.
    """
    needed, run = workspace.latest("requirement"), workspace.latest("what_if")
    place = _place(workspace, run, skill, location)
    table = targets_of_team(workspace, run, place, skill)
    _check(table, asked)
    tried = try_point(table, _standard(workspace, needed, skill), asked)
    return TeamWhatIf(
        run=run,
        is_old=needed.at > run.at,
        location=place,
        skill=skill,
        tried=tried,
        by_target=by_target(table, tried.asked),
        person=person_of_team(workspace, run, place, skill),
    )


def targets_of_team(
    workspace: Workspace, run: RunRecord, location: str, skill: str
) -> pl.DataFrame:
    """The `WhatIfTargets` of a location and skill; empty for work that can wait."""
    rows = workspace.table(run, "what_if_targets")
    return rows.filter(location=location, skill=skill).collect()


def person_of_team(
    workspace: Workspace, run: RunRecord, location: str, skill: str
) -> dy.DataFrame[PersonHours]:
    """One person more or less per hour of the week; empty for work that can wait."""
    rows = workspace.table(run, "what_if_people")
    return person_hours(rows.filter(location=location, skill=skill).collect())


def _standard(workspace: Workspace, needed: RunRecord, skill: str) -> Standard:
    found = worked_for(workspace, needed, skill)
    if found is None:
        raise MissingStepError(
            f"Expected a standard for '{skill}', found none in standards.toml. "
            "Add one, then work it out: piekwijzer requirement, piekwijzer what-if."
        )
    return found


def _place(
    workspace: Workspace, run: RunRecord, skill: str, location: str | None
) -> str:
    teams = workspace.table(run, "what_if_targets").select("location", "skill")
    known = teams.unique().collect()
    skills = known["skill"].unique().sort().to_list()
    if skill not in skills:
        _refuse("show", "skill", skills, skill, "; work that can wait has no seconds")
    places: list[str] = known.filter(skill=skill)["location"].sort().to_list()
    if location is None and len(places) == 1:
        return places[0]
    if location not in places:
        _refuse("location", "location", places, location)
    return str(location)


def _refuse(
    option: str, what: str, known: list[str], came: str | None, why: str = ""
) -> None:
    wanted = f"a {what} of the stored what-if ({', '.join(known) or 'it has none'})"
    told = "none" if came is None else f"'{came:.64}'"
    remedy = f"Choose one of these{why}."
    raise FieldError(option, "unknown", wanted=wanted, came=told, remedy=remedy)


def _check(table: pl.DataFrame, asked: Mapping[str, float]) -> None:
    """Refuse what lies beyond the points that were reckoned: there is no answer."""
    for axis, value in asked.items():
        tried = points(table, axis)
        if not tried[0] <= value <= tried[-1]:
            raise FieldError(
                OPTIONS[axis],
                "range",
                wanted=f"from {tried[0]:g} to {tried[-1]:g}",
                came=f"{value:g}",
                remedy="Beyond that nothing was reckoned: choose a value within it.",
            )
