"""What would lift a shortfall: real alternatives on the fixed rest of the roster.

Each is weighed by the true objective and asked of the hard rules; only those that save
euros and lift some of the shortage are told, those that ask for the fewest extra paid
hours first, and of these the one that saves most.
"""

from collections.abc import Callable, Iterator

from staffing.roster.explaining.candidates import Candidate
from staffing.roster.explaining.desks import more_desks
from staffing.roster.explaining.differing import moved, saving
from staffing.roster.explaining.joining import authorised, one_more
from staffing.roster.explaining.shifting import longer, moved_breaks, moved_shifts
from staffing.roster.explaining.stretches import Stretch
from staffing.roster.explaining.tables import Tables
from staffing.roster.result import Cure

MOST_CURES = 3
TRIED = 4
"""Alternatives of a kind worked out in full, those worth most at first sight."""

LEAST_SAVING = 0.005
"""Euros under which an alternative counts as saving nothing."""

KINDS: tuple[Callable[[Tables, Stretch], Iterator[Candidate]], ...] = (
    moved_breaks,
    moved_shifts,
    authorised,
    more_desks,
    longer,
    one_more,
)


def best_alternatives(
    tables: Tables, stretch: Stretch
) -> list[tuple[float, Candidate]]:
    """The best lawful alternative of each kind with the euros it saves, best first."""
    found = [best for kind in KINDS if (best := _best(tables, stretch, kind))]
    found.sort(key=lambda pair: (pair[1].hours, -pair[0]))
    return found[:MOST_CURES]


def find_cures(tables: Tables, stretch: Stretch) -> tuple[Cure, ...]:
    """At most three cures of a stretch, cheapest first."""
    return tuple(
        _told(tables, stretch, saves, candidate)
        for saves, candidate in best_alternatives(tables, stretch)
    )


def _best(
    tables: Tables,
    stretch: Stretch,
    kind: Callable[[Tables, Stretch], Iterator[Candidate]],
) -> tuple[float, Candidate] | None:
    promising = sorted(kind(tables, stretch), key=lambda c: (-c.worth, c.text))
    weighed = [
        (saving(tables.standing, candidate.instead()), candidate)
        for candidate in promising[:TRIED]
    ]
    for saves, candidate in sorted(weighed, key=lambda pair: -pair[0]):
        lifts = lifted(tables, stretch, candidate)
        if saves < LEAST_SAVING or lifts <= 0:
            continue
        if not tables.lawfulness.breaches(candidate.instead()):
            return saves, candidate
    return None


def lifted(tables: Tables, stretch: Stretch, candidate: Candidate) -> int:
    """Person-quarters by which the stretch would be less short."""
    standing, days = tables.standing, candidate.instead().days
    more = moved(
        standing, standing.had(candidate.instead()), [s for s in days.values() if s]
    )
    if stretch.worst.deferrable:
        grows = sum(more[place] for place in stretch.places)
        return min(grows, stretch.quarters)
    total = 0
    for demand, place in zip(stretch.demands, stretch.places, strict=True):
        before = max(0, demand.required - standing.heads[place])
        after = max(0, demand.required - standing.heads[place] - more[place])
        total += before - after
    return total


def _told(tables: Tables, stretch: Stretch, saves: float, candidate: Candidate) -> Cure:
    lifts = lifted(tables, stretch, candidate)
    english, dutch = candidate.text, candidate.text_nl
    if lifts < stretch.quarters:
        english += f" ({lifts} of {stretch.quarters} quarter-hours)"
        dutch += f" ({lifts} van {stretch.quarters} kwartieren)"
    return Cure(text=english, text_nl=dutch, saves=round(saves, 2))
