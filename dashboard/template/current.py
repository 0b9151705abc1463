"""What is known now of the supply side, row by row, as the template would be read."""

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from dashboard.template.layout import Column, Layout
from forecasting import opening
from forecasting.calendar import WEEKDAYS, Calendar, Hours
from forecasting.errors import PolicyError
from forecasting.opening import Opening
from forecasting.workspace import Workspace
from staffing import store
from staffing.supply.people import TICKS, people_fields

Row = Mapping[str, object]


def current_rows(workspace: Workspace, layout: Layout) -> list[Row]:
    """The rows of a sheet; none where nothing of its kind is known.

    Raises:
        PolicyError: a value has no choice on the sheet that stands for it.
    """
    table = TABLES[layout.kind](workspace)
    rows = (row for row in table.iter_rows(named=True))
    return [_checked(told, layout) for row in rows for told in _told(row, layout)]


def _people(workspace: Workspace) -> pl.DataFrame:
    if not workspace.has_imported("people"):
        return pl.DataFrame()
    return people_fields(store.people(workspace).sort("code"))


def _opening(workspace: Workspace) -> pl.DataFrame:
    """Hours as imported; before any were, those of the policy."""
    known = opening.opening(workspace)
    if known.is_empty():
        known = policy_hours(store.calendar(workspace))
    return known


def policy_hours(calendar: Calendar) -> pl.DataFrame:
    """The opening hours of a calendar's policy, typed `Opening`."""
    rows = [row for hours in calendar.hours for row in _spans(hours)]
    return Opening.validate(pl.DataFrame(rows, schema=Opening.create_empty().schema))


def _spans(hours: Hours) -> Iterator[Row]:
    """One row for each span, with the weekdays that have it."""
    by_span: dict[object, list[str]] = {}
    for day in WEEKDAYS:
        if (span := getattr(hours, day)) is not None:
            by_span.setdefault(span, []).append(day)
    for span, days in by_span.items():
        from_time, to_time = span if isinstance(span, tuple) else (None, None)
        yield {
            "location": hours.location,
            "skills": " ".join(hours.skills),
            "weekdays": " ".join(days),
            "from_time": from_time,
            "to_time": to_time,
            "first": hours.first,
            "last": hours.last,
        }


TABLES: dict[str, Callable[[Workspace], pl.DataFrame]] = {
    "people": _people,
    "availability": store.availability,
    "wishes": store.wishes,
    "protected_time": store.protected_time,
    "opening": _opening,
    "closures": opening.closures,
    "limits": store.limits,
    "published_shifts": store.published_shifts,
}


def _told(row: Row, layout: Layout) -> Iterator[Row]:
    """The row; or one for each of its words, where no choice stands for all of them."""
    for column in layout.columns:
        value = row.get(column.name)
        if column.type != "choice" or not isinstance(value, str):
            continue
        said = _same_words(value, column)
        if said is None and " " in value:
            for word in value.split():
                yield from _told({**row, column.name: word}, layout)
            return
        row = {**row, column.name: said or value}
    yield row


def _same_words(value: str, column: Column) -> str | None:
    """The choice with the same words, in whatever order."""
    words = set(value.split())
    return next((c for c in column.choices.values() if set(c.split()) == words), None)


def _checked(row: Row, layout: Layout) -> Row:
    """The row with its ticks told apart, when the sheet can say all of it."""
    ticks = [column for column in layout.columns if column.name in TICKS]
    may = row.get("may")
    words = [str(word) for word in may] if isinstance(may, list) else []
    told = {column.name: word for word in words for column in _ticked(ticks, word)}
    for column in layout.columns:
        value = row.get(column.name)
        if column.choices and isinstance(value, str):
            _check_choice(value, {*column.choices.values()}, layout)
    known = {value for column in ticks for value in column.choices.values()}
    for word in words:
        _check_choice(word, known, layout)
    return {**row, **told}


def _ticked(ticks: list[Column], word: str) -> list[Column]:
    return [column for column in ticks if word in column.choices.values()]


def _check_choice(value: str, known: set[str], layout: Layout) -> None:
    if value not in known:
        raise PolicyError(
            f"Sheet '{layout.name}' of the template cannot say '{value}' (it knows "
            f"{', '.join(sorted(known))}). Add it to config/sources/template_*.toml."
        )
