"""The answer of a forecast run in plain words: what is coming, and what to mind."""

from collections.abc import Iterator, Mapping, Sequence

from forecasting.runs import Figures

MOST_PEAKS = 3
MOST_NAMES = 5
MOST_STOCKS = 3
NOTICES = {
    "new series": "known for under eight weeks, forecast by what is alike",
    "short history": "known for under a year, so without a season of their own",
    "pooled": "so small that they take their shape from their kin",
    "no backtest": "with weights and intervals of others, for none of theirs was tested",
    "stale": "that ended long before the others",
}
"""What a kind of notice (of the table `Notices`) says of some series."""

UNHEARD = {
    "partly overtaken": "applied in part: a later import speaks of the same days",
    "overtaken": "not applied: a later import speaks of the same days",
    "no such series": "not applied: no series is of that name",
    "outside the forecast": "not applied: the forecast does not reach it",
    "no demand to compare with": "not applied: no demand is known to compare with",
    "too long a period": "not applied: the period is too long",
    "nothing expected": "not applied: nothing is expected then that could be scaled",
}
"""What the state of a statement that was not followed (`OutsideApplied`) says."""


def spoken(figures: Figures) -> str:
    """Lines of text on the figures of a forecast run."""
    return "\n".join(_lines(figures))


def _lines(figures: Figures) -> Iterator[str]:
    yield (
        f"{figures['series']} series forecast for {figures['horizon_days']} days. "
        f"{_held_back_error(figures)}"
    )
    yield from _aged(figures)
    for peak in _rows(figures, "peaks")[:MOST_PEAKS]:
        yield f"Peak ahead. {peak['text_en']}"
    for shift in _rows(figures, "level_shifts")[:MOST_PEAKS]:
        yield (
            f"Level shift. {shift['series']} since {shift['since']}: "
            f"{shift['ratio']:.2f} times what it was."
        )
    yield from _lettered(_rows(figures, "letters"))
    yield from _judged(figures.get("verification"))
    yield from _in_part(figures)
    yield from _unheard(_rows(figures, "outside_not_applied"))
    yield from _unusual(figures)


def _lettered(weeks: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """What letters change, added up; nothing where there are none."""
    if not weeks:
        return
    counts = {
        kind: [float(str(week[kind])) for week in weeks]
        for kind in ("applications", "collections", "calls")
    }
    sooner, collected = (
        sum(max(count, 0.0) for count in counts[kind])
        for kind in ("applications", "collections")
    )
    yield (
        f"Letters, from {weeks[0]['week']} on: {sooner:.0f} applications and "
        f"{collected:.0f} collections in weeks that gain them, which others lose; "
        f"{sum(counts['calls']):.0f} calls."
    )


def _aged(figures: Figures) -> Iterator[str]:
    """A history that ended a while ago, of which part of the forecast has passed."""
    age = figures.get("stale_history_days")
    if age is not None:
        yield (
            f"Warning: the newest data is of {figures['history_last']}, {age} days ago. "
            "The forecast begins there: import newer exports."
        )


def _held_back_error(figures: Figures) -> str:
    chosen, last_year = figures["wape"], figures["wape_last_year"]
    if not isinstance(chosen, float) or not isinstance(last_year, float):
        return "The history is too short to hold days back and measure the error."
    return (
        f"Error on held-back days (WAPE): {chosen:.1%}; "
        f"same week last year: {last_year:.1%}."
    )


def _judged(verified: object) -> Iterator[str]:
    """What came of an earlier forecast, and a warning where it left its intervals."""
    if not isinstance(verified, Mapping):
        return
    error = verified["wape"]
    of_demand = "" if error is None else f"WAPE {error:.1%}, "
    yield (
        f"The forecast made after {verified['origin']}, beside what came since: "
        f"{of_demand}{verified['outside']:.0%} outside the 90% intervals."
    )
    names: Sequence[str] = verified["warnings"]
    if verified["all_warn"]:
        yield (
            "Warning: all series together left their intervals more often than chance "
            "allows. Take the intervals for too narrow until the next forecast."
        )
    if names:
        yield (
            f"Warning: {len(names)} series left their 90% interval more often than "
            f"chance allows: {_few(names)}."
        )


def _in_part(figures: Figures) -> Iterator[str]:
    """Days that do not count, for their export was made before they were over."""
    for part in _rows(figures, "days_in_part"):
        names = part["series"]
        side = "up to" if part["end"] == "last" else "from"
        if isinstance(names, list):
            yield (
                f"Not counted: {part['day']} of {len(names)} series, of which the export "
                f"tells {side} {part['clock']} only: {_few(names)}."
            )


def _unheard(rows: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """What others expect and the forecast does not follow, one line each."""
    for row in rows[:MOST_NAMES]:
        why = UNHEARD.get(str(row["state"]), f"not applied: {row['state']}")
        yield f"{row['said_by']} on {row['subject']} in {row['period']}: {why}."
    more = len(rows) - MOST_NAMES
    if more > 0:
        yield f"And {more} more of what others expect: see the Demand page."


def _unusual(figures: Figures) -> Iterator[str]:
    """Series that are forecast in another way than the others, or not at all."""
    notices = figures.get("notices")
    for kind, words in NOTICES.items():
        names = notices.get(kind) if isinstance(notices, Mapping) else None
        if names:
            yield f"{len(names)} series {words}: {_few(names)}."
    for stock in _rows(figures, "stocks_not_used")[:MOST_STOCKS]:
        yield (
            f"The stock of {stock['service']} of {stock['as_of']} explains "
            f"{stock['explains']:.0%} of its applications: not used. Is the export "
            "complete?"
        )
    for fee in _rows(figures, "fees_not_reckoned"):
        yield (
            f"A fee changes on {fee['day']} ({fee['name']}, {fee['service']}): no earlier "
            "change was measured, so the forecast does not reckon with it."
        )
    for name, reason in _named(figures, "documents_left_out"):
        yield f"Forecast without its documents: {name} ({reason})."
    for name, reason in _named(figures, "failures"):
        yield f"Not forecast: {name} ({reason})."


def _named(figures: Figures, key: str) -> list[tuple[str, str]]:
    found = figures.get(key)
    return list(found.items()) if isinstance(found, Mapping) else []


def _few(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    shown = ", ".join(names[:MOST_NAMES])
    return f"{shown} and {more} more" if more > 0 else shown


def _rows(figures: Figures, key: str) -> list[Mapping[str, object]]:
    found = figures.get(key)
    return found if isinstance(found, list) else []
