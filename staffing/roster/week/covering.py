"""Coverage in a linear model: what the people at an activity save, slot by slot."""

from collections.abc import Iterable
from datetime import date

from ortools.math_opt.python import mathopt

from staffing.roster.instance import Instance
from staffing.roster.wanted import Demand
from staffing.roster.week.curves import marginal_gains, slot_costs
from staffing.rules import RosterPolicy

Doing = dict[tuple[str, str, date, int], list[mathopt.Variable]]
"""Variables that count people, per location, skill, day and quarter-hour."""


def price_coverage(model: mathopt.Model, instance: Instance, doing: Doing) -> float:
    """Add the price of late contacts and shortage; returns its constant part."""
    constant = 0.0
    for (location, skill, day), slots in instance.slots.items():
        people = {q: doing.get((location, skill, day, q), []) for q in slots}
        waiting = {q: demand for q, demand in slots.items() if demand.deferrable}
        if waiting:
            shares = [share for q in waiting for share in people[q]]
            required = sum(demand.required for demand in waiting.values())
            _price_day(model, instance.policy, required, shares)
        for quarter, demand in slots.items():
            if not demand.deferrable:
                constant += _price_slot(model, instance.policy, demand, people[quarter])
    return constant


def _price_day(
    model: mathopt.Model,
    policy: RosterPolicy,
    required: int,
    shares: list[mathopt.Variable],
) -> None:
    """Deferrable work is short only when the day as a whole is."""
    short = model.add_variable(lb=0, ub=required)
    price = policy.price_short_deferrable_quarter
    model.objective.set_linear_coefficient(short, price)
    row = model.add_linear_constraint(lb=required)
    for variable in (short, *shares):
        row.set_coefficient(variable, 1)


def _price_slot(
    model: mathopt.Model,
    policy: RosterPolicy,
    demand: Demand,
    shares: list[mathopt.Variable],
) -> float:
    """Each next person saves the next marginal gain of the convex cost."""
    costs = slot_costs(demand, policy)
    row = model.add_linear_constraint(lb=0)
    for share in shares:
        row.set_coefficient(share, 1)
    for gain, width in _merged(marginal_gains(costs).tolist()):
        step = model.add_variable(lb=0, ub=width)
        row.set_coefficient(step, -1)
        model.objective.set_linear_coefficient(step, -gain)
    return float(costs[0])


def keep_to_ceilings(model: mathopt.Model, instance: Instance, doing: Doing) -> None:
    """No more people at once than there are desks."""
    for ceiling in instance.ceilings:
        places = [(ceiling.location, skill, ceiling.day) for skill in ceiling.skills]
        quarters = {q for place in places for q in instance.slots.get(place, {})}
        for quarter in sorted(quarters):
            row = model.add_linear_constraint(ub=ceiling.people)
            for place in places:
                for share in doing.get((*place, quarter), []):
                    row.set_coefficient(share, 1)


def _merged(gains: Iterable[float]) -> list[tuple[float, int]]:
    """Equal gains as one segment with its width; what saves nothing is left out."""
    segments: list[tuple[float, int]] = []
    for gain in gains:
        if gain <= 1e-9:
            break
        if segments and abs(segments[-1][0] - gain) < 1e-9:
            segments[-1] = (segments[-1][0], segments[-1][1] + 1)
        else:
            segments.append((gain, 1))
    return segments
