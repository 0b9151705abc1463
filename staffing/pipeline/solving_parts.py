"""Weeks and their independent parts, solved side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from forecasting.errors import PiekwijzerError
from forecasting.settings import Settings
from forecasting.workers import Progress, side_by_side
from staffing.roster.instance import Instance
from staffing.roster.parts import join, part_of, split
from staffing.roster.result import Roster

Answer = Roster | PiekwijzerError
"""What came of an instance, or why nothing did."""


@dataclass(frozen=True)
class Effort:
    """How hard to search: seconds for each week, seed, threads of a search alone.

    Several searches side by side have one thread each, so that the roster is the same
    whatever the number of workers.
    """

    time_limit_s: float
    seed: int
    threads: int | None
    settings: Settings


@dataclass(frozen=True)
class Search:
    """One part to solve, from nothing or from a roster."""

    part: Instance
    time_limit_s: float
    seed: int
    threads: int | None
    start: Roster | None


def solve_all(
    instances: Sequence[Instance],
    effort: Effort,
    starts: Sequence[Roster | None] | None = None,
    progress: Progress | None = None,
) -> list[Answer]:
    """The roster of each instance, from its start where there is one; or why there is none.

    An instance with fewer parts than workers has its whole time limit for each; one with
    more shares it out, as they are solved in turns.

    Raises:
        PolicyError: a worker died, or Ray is asked for and not installed.
    """
    begun = starts or [None] * len(instances)
    parts = [split(instance) for instance in instances]
    alone = sum(len(own) for own in parts) == 1
    searches = [
        Search(
            part,
            effort.time_limit_s * min(1.0, effort.settings.workers / len(own)),
            effort.seed,
            effort.threads if alone else 1,
            None if start is None else part_of(start, part),
        )
        for own, start in zip(parts, begun, strict=True)
        for part in own
    ]
    settings = effort.settings
    if alone and settings.executor == "processes":
        settings = settings.model_copy(update={"executor": "sequential"})
    if settings.executor == "processes":
        _compile(searches[0].part)
    answers = iter(side_by_side(_solved, searches, settings, progress))
    return [
        _joined(instance, [next(answers) for _ in own])
        for instance, own in zip(instances, parts, strict=True)
    ]


def _compile(part: Instance) -> None:
    """Compile the solver here and now, or each process would for itself."""
    from staffing.roster.week.readying import make_ready

    make_ready(part)


def _solved(search: Search) -> Answer:
    """What comes of one part; a fault of one stops no other."""
    from staffing.roster.solving import solve

    try:
        return solve(
            search.part,
            time_limit_s=search.time_limit_s,
            seed=search.seed,
            workers=search.threads,
            start=search.start,
        )
    except PiekwijzerError as error:
        return error


def _joined(instance: Instance, answers: Sequence[Answer]) -> Answer:
    failed = [answer for answer in answers if isinstance(answer, PiekwijzerError)]
    if failed:
        return failed[0]
    return join(instance, [one for one in answers if isinstance(one, Roster)])
