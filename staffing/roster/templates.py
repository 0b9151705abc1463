"""Shift templates from rules: start grid, hours worked, break windows."""

from collections.abc import Iterator

from staffing.roster.shifts import Template
from staffing.rules import LabourRules, RosterPolicy


def generate(
    policy: RosterPolicy, rules: LabourRules, first: int, last: int
) -> tuple[Template, ...]:
    """All lawful templates that fit between two minutes after midnight."""
    from_minute = max(first, 60 * rules.day_window_from_hour)
    to_minute = min(last, 60 * rules.day_window_to_hour)
    grid = policy.start_grid_minutes
    start = -(-from_minute // grid) * grid
    found: list[Template] = []
    while start < to_minute:
        for hours in sorted(set(policy.shift_hours)):
            found += _of_length(policy, rules, start, round(60 * hours), to_minute)
        start += grid
    return tuple(found)


def _of_length(
    policy: RosterPolicy, rules: LabourRules, start: int, worked: int, latest_end: int
) -> list[Template]:
    pause = break_needed(policy, rules, worked)
    end = start + worked + pause
    if end > latest_end or end - start > 60 * rules.max_shift_hours:
        return []
    if pause == 0:
        return [Template(start=start, end=end)]
    return [
        Template(start=start, end=end, break_start=begin, break_end=begin + pause)
        for begin in _break_starts(policy, start, end, pause)
    ]


def break_needed(policy: RosterPolicy, rules: LabourRules, worked: int) -> int:
    """Minutes of break for a shift of so many minutes worked.

    The law counts the whole shift, break included (Arbeidstijdenwet 5:4), so the break
    is taken into account when its own length passes the limit.
    """
    pause = 0
    for rule in sorted(rules.breaks, key=lambda rule: rule.over_hours):
        if worked + pause > 60 * rule.over_hours:
            wanted = max(rule.minutes, policy.break_minutes, pause)
            pause = -(-wanted // 15) * 15
    return pause


def _break_starts(
    policy: RosterPolicy, start: int, end: int, pause: int
) -> Iterator[int]:
    """Starts within the lunch window; a shift that misses lunch rests in its middle."""
    part = round(60 * policy.break_part_hours)
    earliest = max(start + part, round(60 * policy.break_earliest_hour))
    latest = min(end - part, round(60 * policy.break_latest_hour)) - pause
    grid = min(policy.start_grid_minutes, 30)
    first = -(-earliest // grid) * grid
    if first <= latest:
        yield from range(first, latest + 1, grid)
        return
    middle = (start + end - pause) // 2 // 15 * 15
    yield from (
        m for m in (middle - 30, middle, middle + 30) if _inside(m, start, end, pause)
    )


def _inside(begin: int, start: int, end: int, pause: int) -> bool:
    return start < begin and begin + pause < end
