"""The instance of a week, or of several that follow one another, from what is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import polars as pl

from forecasting.calendar import Calendar, monday, week_name
from forecasting.catalogue import Catalogue
from forecasting.errors import InputError, MissingStepError
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.made_for import refuse_outdated
from staffing.pipeline.went_by import Before, WentBy
from staffing.publish.versions import Version
from staffing.roster.building import Town, build
from staffing.roster.building.looking_back import SUNDAY_WEEKS, wish_factors, with_past
from staffing.roster.building.minimums import with_sites
from staffing.roster.building.own_time import with_protected_time, with_wishes
from staffing.roster.ceilings import with_ceilings
from staffing.roster.instance import Instance
from staffing.standards import Standards
from staffing.supply.patterns import Spell, absent_on, spells_by_person
from staffing.supply.sites import Sites


@dataclass(frozen=True)
class WeekInputs:
    """What earlier steps stored, as rosters of one or more weeks read it.

    Raises:
        MissingStepError: no requirement was made, or it was made for other settings.
    """

    workspace: Workspace

    @cached_property
    def requirement(self) -> RunRecord:
        """The newest requirement, made for the opening hours of now."""
        found = self.workspace.latest("requirement")
        refuse_outdated(found, self.calendar, self.standards)
        return found

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar."""
        return store.calendar(self.workspace)

    @cached_property
    def standards(self) -> Standards:
        """The standards."""
        return store.standards(self.workspace)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue of services."""
        return store.catalogue(self.workspace)

    @cached_property
    def sites(self) -> Sites:
        """Presence and what holds between locations, of known places and skills."""
        found = store.sites(self.workspace)
        found.check(self.town.locations, self.town.skills)
        return found

    @cached_property
    def town(self) -> Town:
        """What is known beside the requirement of a week."""
        told = store.sites(self.workspace)
        return Town(
            skills=frozenset(self.catalogue.skills | set(self.standards.skill)),
            locations=frozenset(
                self.calendar.locations | set(self._needed["location"].unique())
            ),
            allows=told.allows,
            pools=self.standards.shared,
            contract_minimum=told.contract_minimum,
        )

    @cached_property
    def people(self) -> pl.DataFrame:
        """The staff, typed `People`."""
        return store.people(self.workspace)

    @cached_property
    def availability(self) -> pl.DataFrame:
        """Leave and extra days, typed `Availability`."""
        return store.availability(self.workspace)

    @cached_property
    def _needed(self) -> pl.DataFrame:
        rows = self.workspace.table(self.requirement, "requirement")
        return rows.select("location", "start").unique().collect()

    @cached_property
    def _last_day(self) -> date:
        days = self._needed["start"].dt.convert_time_zone(self.calendar.zone).dt.date()
        return max(days.to_list(), default=date.min)

    @cached_property
    def last_week(self) -> date:
        """The Monday of the last week that the requirement tells Monday to Friday of."""
        last = self._last_day
        whole = last.weekday() >= 4 or self._closed_until_friday(last)
        return monday(last) - timedelta(weeks=0 if whole else 1)

    def _closed_until_friday(self, last: date) -> bool:
        rest = range(last.weekday() + 1, 5)
        return all(
            self.calendar.is_closed(monday(last) + timedelta(days=i)) for i in rest
        )

    def refuse_beyond(self, week: date) -> None:
        """Refuse a week that the requirement does not reach.

        Raises:
            MissingStepError: it does not; the last week that it does is named.
        """
        if week > self.last_week:
            raise MissingStepError(
                f"Expected weeks up to {week_name(self.last_week)}, the last that the "
                f"requirement holds, came {week_name(week)}. Forecast further ahead "
                "(piekwijzer forecast) and make the requirement again, or choose a week "
                "within the horizon (piekwijzer status)."
            )

    def instance(self, week: date, before: Before | None = None) -> Instance:
        """The instance of the week of a Monday.

        `before` are rosters that this one follows, by their Monday: they stand in for
        what was published of those weeks, and None for what is not yet known of them.
        """
        limits = store.limits(self.workspace)
        check_places("limits", limits, self.town.locations)
        protected = store.protected_time(self.workspace)
        check_places("protected time", protected, self.town.locations)
        instance = with_ceilings(self._plain(week), limits, self.catalogue)
        instance = with_protected_time(with_sites(instance, self.sites), protected)
        return self._looking_back(instance, before or {})

    def _plain(self, week: date) -> Instance:
        if monday(week) > monday(self._last_day):
            self.refuse_beyond(week)
        rows = self.workspace.table(self.requirement, "requirement")
        standards = self.standards.skill
        return build(
            store.of_week(rows, week, self.calendar.zone),
            self.people,
            self.availability,
            week=week,
            policy=store.roster_policy(self.workspace),
            rules=store.labour_rules(self.workspace),
            zone=self.calendar.zone,
            minimum={
                skill: standard.minimum_people for skill, standard in standards.items()
            },
            town=self.town,
        )

    def _looking_back(self, instance: Instance, before: Before) -> Instance:
        """The instance with its past, and with wishes by those granted before."""
        turns = self.sites.wishes
        rosters = self._went_by.rosters(instance.week, before, turns.weeks)
        factors = wish_factors(instance, rosters, turns)
        wished = with_wishes(instance, store.wishes(self.workspace), factors)
        return with_past(wished, self._went_by.shifts(before), self._absent)

    def followed(self, week: date, before: Before) -> list[Version]:
        """The published rosters that a week looks back on."""
        return self._went_by.followed(week, before, SUNDAY_WEEKS)

    @cached_property
    def _went_by(self) -> WentBy:
        first = self._needed["start"].min()
        begin = first.date() if isinstance(first, datetime) else date.max
        since = begin - timedelta(weeks=SUNDAY_WEEKS)
        return WentBy(self.workspace, self.calendar.zone, since)

    @cached_property
    def _staff(self) -> dict[str, dict[str, object]]:
        return {row["code"]: row for row in self.people.iter_rows(named=True)}

    @cached_property
    def _spells(self) -> dict[str, list[Spell]]:
        return spells_by_person(self.availability)

    def _absent(self, code: str, week: date) -> Mapping[date, float]:
        """Hours of leave and sickness per day of a week."""
        spells = self._spells.get(code, [])
        return absent_on(self._staff[code], week, spells) if spells else {}


def check_places(what: str, table: pl.DataFrame, known: frozenset[str]) -> None:
    """Refuse a row for a place that nobody knows: it would hold nobody back.

    Raises:
        InputError: the first place is named, with those known.
    """
    for place in sorted(set(table["location"].drop_nulls()) - known):
        raise InputError(
            f"{what}: unknown location '{place}'; known: {', '.join(sorted(known))}",
            remedy="Mend that sheet and import the template again.",
        )
