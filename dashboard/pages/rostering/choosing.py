"""Which roster is looked at: week, version, location and work; all in the address."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from dashboard.pages.address import belongs
from dashboard.pages.view import View, choose, read
from dashboard.queries import roster
from dashboard.queries.roster_versions import Shown, shown
from forecasting.calendar import week_name
from staffing.publish.versions import Version


@dataclass(frozen=True)
class Choice:
    """The roster shown, and the location and skill it is narrowed to, if any."""

    at: Shown
    week: str
    location: str | None
    skill: str | None

    def here(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of the location and skill."""
        for name, value in (("location", self.location), ("skill", self.skill)):
            if value is not None:
                rows = rows.filter(pl.col(name) == value)
        return rows


def choose_roster(
    view: View, weeks: list[str], boxes: Sequence[AbstractContextManager[object]]
) -> Choice | None:
    """The week, location and skill; None where the week has no roster."""
    words, (first, second, third) = view.words, boxes
    ahead = [week for week in weeks if week >= week_name(view.today)]
    usual = next(iter(ahead), weeks[-1])
    with first:
        week = choose(
            "week", weeks, label=words("common.week"), say=words.week, default=usual
        )
    at = shown(view.workspace, week or usual)
    if at is None:
        return None
    blocks = read(view, roster.blocks, at.run, None, view.zone)
    chosen = {}
    for name, box in (("location", second), ("skill", third)):
        with box:
            chosen[name] = choose(
                name,
                blocks[name].unique().sort().to_list(),
                label=words(f"common.{name}"),
                say=partial(words.named, name),
                all_label=words(f"common.all_{name}"),
            )
    return Choice(at, week or usual, **chosen)


def choose_version(view: View, choice: Choice) -> Choice:
    """The same with the version asked for; the newest, also of those yet to come."""
    words, found = view.words, choice.at.versions
    if not found:
        return choice
    numbers = {str(version.number): version for version in reversed(found[:-1])}
    belongs("version", choice.week)
    number = choose(
        "version",
        list(numbers),
        label=words("roster.version_label"),
        say=lambda number: _said(view, numbers[number]),
        default="",
        all_label=words("roster.newest", version=_said(view, found[-1])),
    )
    if number is None:
        return choice
    at = shown(view.workspace, choice.week, int(number))
    return choice if at is None else replace(choice, at=at)


def _said(view: View, version: Version) -> str:
    state = view.words(f"roster.short_{version.state}")
    return view.words("roster.version_short", number=version.number, state=state)
