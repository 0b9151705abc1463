"""What 0, 1, 2 ... people buy, all in one climb: what each step needs, the last has.

The load is mixed over factors of its random part, each weighted by its contacts; of n
people each is at work with the same chance, so the number at work is binomial. Erlang B
climbs by its recursion; the panel of Erlang A (`series`) holds `exp(-n service x)`, which
climbs by one product per node.
"""

import math

import numpy as np

from staffing.queueing.compiling import nested, stepping, threadable
from staffing.queueing.erlang_a import NATS_PER_PANEL, NODES, PATIENCES_PER_PANEL
from staffing.queueing.kernels import erlang_c
from staffing.queueing.levels import served_and_counted
from staffing.queueing.series import MOST_TERMS, SMALLEST_TERM, at_nodes
from staffing.queueing.treating import IN_TIME, LATE, LEFT_OUT, SHORT_LEFT_OUT

GIVING_UP, THRESHOLD, TARGET, MINIMUM, AT_WORK, MORE = range(6)
LOAD, SERVICE, RANDOM = range(3)
SERVED, COUNTED, SHARE, CHANCE = range(4)
FIRST_ROOM = 32
MOST_PEOPLE = 1_000_000
"""A climb ends here whatever the target: a target next to 1 is beyond arithmetic."""


@stepping
def _masses(arrival: float, capacity: float, giving_up: float) -> tuple[float, float]:
    """Integrals of g, and of g times the share still waiting.

    Not-a-number when the sum is long or beyond what a number holds.
    """
    term = 1 / capacity
    rest = 0.0
    for k in range(1, MOST_TERMS):
        term *= arrival / (capacity + k * giving_up)
        rest += term
        if term < SMALLEST_TERM * rest < math.inf:
            return 1 / capacity + rest, rest * capacity / arrival
    return math.nan, math.nan


@stepping
def _counted(
    treatment: int,
    mass: float,
    patient: float,
    early: float,
    answered: float,
    left: float,
) -> tuple[float, float]:
    """Served and counted beside those that meet a free agent, per contact that queues."""
    gone_early = early - answered + left * (mass - early)
    if treatment == LEFT_OUT:
        return answered, patient
    if treatment == SHORT_LEFT_OUT:
        return answered, mass - gone_early
    if treatment == IN_TIME:
        return answered + gone_early, mass
    return answered, mass


@nested
def _panel(
    arrivals: np.ndarray, at: np.ndarray, service: float
) -> tuple[np.ndarray, np.ndarray]:
    """Per load and node g for nobody times its weight; and what a person takes off.

    Where nobody gives up the panel is not asked, and its nodes are at 0.
    """
    waiting = np.empty((arrivals.size, NODES.size))
    less = np.exp(-service * at[:, 0])
    if at[0, 0] == 0:
        return waiting, less
    for load in range(arrivals.size):
        for node in range(NODES.size):
            waiting[load, node] = at[node, 2] * math.exp(arrivals[load] * at[node, 1])
    return waiting, less


@stepping
def _quick(
    treatment: int,
    arrival: float,
    capacity: float,
    standard: np.ndarray,
    before: float,
    waiting: np.ndarray,
    power: np.ndarray,
    nodes: np.ndarray,
) -> tuple[float, float]:
    """Shares served and counted by the panel and Palm's series; else not-a-number.

    `waiting` times `power` is g times the share still waiting at the nodes.
    """
    giving_up, threshold = standard[GIVING_UP], standard[THRESHOLD]
    left = -math.expm1(-giving_up * threshold)
    fall = capacity * threshold - arrival * left / giving_up
    rise = (arrival - capacity) * threshold
    bends = giving_up * threshold > PATIENCES_PER_PANEL
    if bends or fall > NATS_PER_PANEL or rise > NATS_PER_PANEL:
        return math.nan, math.nan
    mass, patient = _masses(arrival, capacity, giving_up)
    answered, early = 0.0, 0.0
    for node in range(NODES.size):
        answered += waiting[node] * power[node]
    if treatment != LATE:
        for node in range(NODES.size):
            held = 1 - giving_up * nodes[node, 1]
            early += waiting[node] * power[node] / held
    one, of = _counted(treatment, mass, patient, early, answered, left)
    queued = arrival * before
    total = 1 + queued * mass
    return (1 + queued * one) / total, (1 + queued * of) / total


@nested
def _present(n: int, at_work: float, kept: np.ndarray) -> float:
    """The share of n people, each at work or not; the chances step from n - 1 to n."""
    served, counted, chance = kept[SERVED], kept[COUNTED], kept[CHANCE]
    if at_work == 1:
        return served[n] / counted[n] if counted[n] > 0 else 0.0
    if n > 0:
        for k in range(n, 0, -1):
            chance[k] = at_work * chance[k - 1] + (1 - at_work) * chance[k]
        chance[0] *= 1 - at_work
    good, whole = 0.0, 0.0
    for k in range(n + 1):
        good += chance[k] * served[k]
        whole += chance[k] * counted[k]
    return good / whole if whole > 0 else 0.0


@nested
def _step(
    treatment: int,
    n: int,
    loads: np.ndarray,
    weights: np.ndarray,
    service: float,
    standard: np.ndarray,
    before: np.ndarray,
    nodes: np.ndarray,
    waiting: np.ndarray,
    power: np.ndarray,
) -> tuple[float, float]:
    """Served and counted with n at work; `before` steps on to n - 1, `power` to n."""
    giving_up, threshold = standard[GIVING_UP], standard[THRESHOLD]
    served, counted = 0.0, 0.0
    for i in range(loads.size):
        load = loads[i]
        if n > 1:
            before[i] = load * before[i] / (n - 1 + load * before[i])
        one, of = math.nan, 1.0
        if giving_up == 0 and n > 0:
            one = erlang_c(load, service, n, threshold, before[i])[0]
        elif n > 0:
            arrival, capacity = load * service, n * service
            one, of = _quick(
                treatment,
                arrival,
                capacity,
                standard,
                before[i],
                waiting[i],
                power,
                nodes,
            )
        if math.isnan(one):
            one, of = served_and_counted(
                treatment, load, service, giving_up, n, threshold, before[i], nodes
            )
        served += weights[i] * one
        counted += weights[i] * of
    return served, counted


@nested
def _climb(
    treatment: int,
    standard: np.ndarray,
    loads: np.ndarray,
    weights: np.ndarray,
    service: float,
    size: int,
) -> tuple[np.ndarray, int]:
    """Shares of 0, 1, 2 ... people, and the smallest number that is enough, or -1.

    As many as `size`, or (0) some more than the first that is enough.
    """
    nodes = at_nodes(standard[GIVING_UP], standard[THRESHOLD])
    waiting, less = _panel(loads * service, nodes, service)
    power, before = np.ones(NODES.size), np.ones(loads.size)
    kept = np.zeros((4, FIRST_ROOM))
    kept[CHANCE, 0] = 1.0
    chosen, n = -1, 0
    while True:
        if n == kept.shape[1]:
            kept = np.append(kept, np.zeros(kept.shape), axis=1)
        kept[SERVED, n], kept[COUNTED, n] = _step(
            treatment,
            n,
            loads,
            weights,
            service,
            standard,
            before,
            nodes,
            waiting,
            power,
        )
        share = _present(n, standard[AT_WORK], kept)
        kept[SHARE, n] = share
        enough = share >= standard[TARGET] or n == MOST_PEOPLE
        if chosen < 0 and n >= standard[MINIMUM] and enough:
            chosen = n
        n += 1
        power *= less
        if n == size or (size == 0 and chosen >= 0 and n > chosen + standard[MORE]):
            return kept[SHARE, :n], chosen


@nested
def _mixture(
    load: float, random: float, factors: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Loads and their parts of the contacts; without any, one load of none."""
    loads, parts = np.zeros(factors.size), np.zeros(factors.size)
    number = 0
    for i in range(factors.size):
        level = 1 - random + random * factors[i]
        if weights[i] > 0 and level * load > 0:
            loads[number] = level * load
            parts[number] = weights[i] * level
            number += 1
    if number == 0:
        return np.zeros(1), np.ones(1)
    return loads[:number], parts[:number] / parts.sum()


@threadable
def ladders(
    treatment: int,
    standard: np.ndarray,
    slots: np.ndarray,
    rule: np.ndarray,
    factors: np.ndarray,
    weights: np.ndarray,
    sizes: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shares per slot and number of people, where each slot's begin, and the smallest.

    `standard` holds giving up per second, threshold, target, smallest number allowed,
    chance to be at work, and how many candidates come after the one chosen. `slots` holds
    load in Erlang, service per second and the random part of the load; `rule` the row of
    `factors` and `weights` (of hours) that mixes it. `sizes` is how many
    numbers are wanted, 0 for those up to the chosen and `more`. Without load the share
    is 1. Not chosen within the size: -1.
    """
    begins = np.zeros(rule.size + 1, dtype=np.int64)
    chosen = np.empty(rule.size, dtype=np.int64)
    shares = np.empty(max(64, 16 * rule.size))
    for slot in range(rule.size):
        loads, parts = _mixture(
            slots[slot, LOAD],
            slots[slot, RANDOM],
            factors[rule[slot]],
            weights[rule[slot]],
        )
        found, chosen[slot] = _climb(
            treatment, standard, loads, parts, slots[slot, SERVICE], sizes[slot]
        )
        begins[slot + 1] = begins[slot] + found.size
        while begins[slot + 1] > shares.size:
            shares = np.append(shares, np.empty(shares.size))
        shares[begins[slot] : begins[slot + 1]] = found
    return shares[: begins[-1]].copy(), begins, chosen
