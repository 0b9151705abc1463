"""The forecast beside what was asked for, as figures, a chart and a table."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboard.charts.demand import Beside, outlook_chart
from dashboard.charts.notes import mark_notes
from dashboard.charts.tables import Table
from dashboard.pages.noted import marks_of, said_marks
from dashboard.pages.special import say_shifts, say_special
from dashboard.pages.view import View, read, show_chart, show_data
from dashboard.queries import adjusting, demand
from dashboard.queries.demand import Grain
from dashboard.queries.noted import Noted
from forecasting.records import RunRecord
from forecasting.tuning import load_tuning

DAYS_AHEAD = timedelta(weeks=13)
"""So far ahead a chart by day reaches, unless all is asked for."""

ROWS_SHOWN = 60


def draw_cards(view: View, run: RunRecord, series: list[str], grain: Grain) -> None:
    """The coming weeks beside those of a year ago."""
    past = read(view, demand.history, run, series, grain)
    means = read(view, demand.expected, run, series, grain)
    _draw_figures(view, means, demand.last_year(past, means), len(series))


def draw_outlook(
    view: View,
    run: RunRecord,
    series: list[str],
    grain: Grain,
    weeks: int | None,
    notes: Sequence[Noted],
) -> None:
    """The chart with `weeks` of history (None: all), and what to mind."""
    words = view.words
    past = read(view, demand.history, run, series, grain)
    ahead = read(view, demand.outlook, run, series, grain)
    vain = read(view, demand.unmet, run, series, grain)
    before = demand.last_year(past, ahead)
    shown = past
    if weeks is not None and not past.is_empty():
        edge: date = past["start"].to_list()[-1]
        since = pl.col("start") > edge - timedelta(weeks=weeks)
        shown, vain = past.filter(since), vain.filter(since)
    soon = _soon(ahead) if grain == "day" and weeks is not None else ahead
    bare = read(view, adjusting.without, run, series, grain)
    beside = Beside(
        before.join(soon, on="start", how="semi"),
        bare.join(soon, on="start", how="semi"),
        vain,
    )
    seen = _seen(notes, shown, soon)
    chart = outlook_chart(shown, soon, beside, words, grain)
    mark_notes(chart, marks_of(view, seen), grain)
    alt = " ".join((_alt(view, soon, len(series), grain), said_marks(view, seen)))
    show_chart(chart, alt=alt.strip(), key="outlook")
    if soon.height < ahead.height:
        st.caption(words("demand.soon"))
    if len(series) > 1 or grain == "week":
        st.caption(words("demand.sum_note"))
    say_shifts(view, run, series)
    say_special(view, run, series)
    _say_unmet(view, run, vain)
    show_data(view, _outlook_table(view, ahead, before, bare, grain))


def _seen(
    notes: Sequence[Noted], shown: pl.DataFrame, soon: pl.DataFrame
) -> list[Noted]:
    """The notes of which a day lies within the chart."""
    days = [*shown["start"], *soon["start"]]
    if not days:
        return []
    first, last = min(days), max(days)
    return [note for note in notes if note.first <= last and note.last >= first]


def _soon(ahead: pl.DataFrame) -> pl.DataFrame:
    return ahead.filter(pl.col("start") < pl.col("start").min() + DAYS_AHEAD)


def _say_unmet(view: View, run: RunRecord, vain: pl.DataFrame) -> None:
    """What was asked in vain over the days shown, and how that is known."""
    words = view.words
    if vain.is_empty():
        st.caption(words("demand.unmet_unknown"))
        return
    sums = vain.select(pl.col("unmet", "low", "high").sum()).row(0, named=True)
    redials = run.figures.get("redial_share")
    known = redials.get("known") if isinstance(redials, dict) else None
    learnt = load_tuning(view.workspace.settings.config).censored.train_on
    st.caption(
        words(
            "demand.unmet_note",
            redials=words(f"demand.redials_{known or 'assumed'}"),
            learnt=words(f"demand.learnt_{learnt}"),
            **{name: words.number(value) for name, value in sums.items()},
        )
    )


def _draw_figures(
    view: View, ahead: pl.DataFrame, before: pl.DataFrame, count: int
) -> None:
    words = view.words
    coming = demand.first_weeks(ahead, "mean")
    earlier = demand.same_weeks_before(before, ahead)
    change = None
    if coming is not None and earlier and round(earlier):
        change = round(coming) / round(earlier) - 1
    cards = (
        ("demand.coming", words.number(coming)),
        ("demand.earlier", words.number(earlier)),
        (
            "demand.change",
            words.share(change, 1) if change is None else _signed(view, change),
        ),
        ("demand.series", words.number(count)),
    )
    for column, (key, value) in zip(st.columns(len(cards)), cards, strict=True):
        column.metric(words(key), value, border=True, help=words(f"{key}_help"))


def _signed(view: View, share: float) -> str:
    return f"{view.words.signed(100 * share, 1)}%"


def _alt(view: View, ahead: pl.DataFrame, count: int, grain: Grain) -> str:
    words = view.words
    if ahead.is_empty():
        return words("demand.alt_empty")
    top = ahead.sort("mean", descending=True).row(0, named=True)
    weekly = grain == "week"
    when = words("demand.in_week", week=words.week(top["start"]))
    if not weekly:
        when = words("demand.on_day", day=words.short_day(top["start"]))
    return words.many(
        "demand.alt",
        count,
        first=words.day(ahead["start"].to_list()[0]),
        last=words.day(ahead["start"].to_list()[-1] + timedelta(days=6 * weekly)),
        top=words.number(top["mean"]),
        when=when,
    )


def _outlook_table(
    view: View,
    ahead: pl.DataFrame,
    before: pl.DataFrame,
    bare: pl.DataFrame,
    grain: Grain,
) -> Table:
    """The periods as figures; those without adjustments only where one acts."""
    words = view.words
    own = bare.select("start", pl.col("mean").alias("bare"))
    both = ahead.join(before, on="start", how="left").join(own, on="start", how="left")
    rows = both.sort("start").head(ROWS_SHOWN)
    say = words.week if grain == "week" else words.short_day
    columns = ["mean", "q05", "q25", "q75", "q95", "count"]
    columns += ["bare"] if bare["mean"].null_count() < bare.height else []
    heads = [words(f"demand.column_{name}") for name in ("start", *columns)]
    body = [
        [say(row["start"]), *(_told(view, name, row[name]) for name in columns)]
        for row in rows.to_dicts()
    ]
    return Table(words("demand.table"), heads, body, frozenset(range(1, 8)))


def _told(view: View, name: str, value: float | None) -> str:
    """A figure; a dash where no adjustment acts."""
    return "\u2013" if name == "bare" and value is None else view.words.number(value)
