"""How far to trust the forecast: held-back days, and earlier forecasts beside what came."""

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, heading, read, show_missing, show_table
from dashboard.queries import chain, reckoning
from forecasting.records import RunRecord

NAMES_SHOWN = 5
TESTED = ("horizon_days", "origins")


def draw_accuracy(view: View, run: RunRecord, series: list[str]) -> None:
    """The forecast beside last year and the best other, on days that were held back."""
    words = view.words
    heading(words("demand.accuracy"))
    ranked = read(view, reckoning.ranking, run, series)
    if ranked.rows.is_empty():
        show_missing(view, "demand.accuracy_empty")
        return
    body: list[list[str | Cell]] = [
        [
            Cell(
                words.named("method", row["method"]),
                words("demand.used") if place == 0 else "",
            ),
            words.number(row["horizon"]),
            Cell(words.share(row["wape"], 1), tone="plain" if place else "calm"),
            *_more(view, row),
            words.number(row["periods"]),
        ]
        for place, row in enumerate(ranked.rows.to_dicts())
    ]
    show_table(_accuracy_table(view, "wape", body))
    st.caption(
        words.many(
            "demand.accuracy_note", ranked.of, series=words.number(ranked.series)
        )
    )
    _draw_methods(view, run, series)


def _draw_methods(view: View, run: RunRecord, series: list[str]) -> None:
    """Every method on the series it can do, with the forecast on these same ones.

    Of the forecast, and of the newest backtest where one was made.
    """
    words, test = view.words, chain.newest_run(view.workspace, "backtest")
    with st.expander(words("demand.every_method")):
        st.caption(words("demand.every_method_note"))
        show_table(_every_method(view, run, series))
    if test is None:
        return
    asked = {name: words.number(chain.figure(test, name)) for name in TESTED}
    made = words.moment(view.local(test.at))
    with st.expander(words("demand.backtest", at=made, **asked)):
        show_table(_every_method(view, test, series))


def _every_method(view: View, run: RunRecord, series: list[str]) -> Table:
    words = view.words
    body: list[list[str | Cell]] = [
        [
            Cell(
                words.named("method", row["method"]),
                words.many("demand.on_series", row["series"]),
            ),
            words.number(row["horizon"]),
            Cell(
                words.share(row["wape"], 1),
                _beside(view, row["wape"], row["beside"]),
            ),
            *_more(view, row),
            words.number(row["periods"]),
        ]
        for row in read(view, reckoning.accuracy, run, series).to_dicts()
    ]
    return _accuracy_table(view, "wape_own", body)


def _beside(view: View, own: float | None, blend: float | None) -> str:
    """The error of the forecast on the same series, where that is another one."""
    if blend is None or own == blend:
        return ""
    return view.words("demand.beside", share=view.words.share(blend, 1))


def _accuracy_table(view: View, error: str, body: list[list[str | Cell]]) -> Table:
    words = view.words
    columns = ("method", "horizon", error, "mase", "pinball", "coverage", "periods")
    heads = [words(f"demand.accuracy_{name}") for name in columns]
    return Table(
        words("demand.accuracy"), heads, body, frozenset(range(1, 7)), stacks=True
    )


def _more(view: View, row: dict[str, float | None]) -> list[str]:
    """The error in steps of the naive method, that of the quantiles, and the coverage."""
    words, none = view.words, "\u2013"
    mase, quantiles, inside = (row[n] for n in ("mase", "pinball", "coverage90"))
    return [
        none if mase is None else words.number(mase, 2),
        none if quantiles is None else words.share(quantiles, 1),
        none if inside is None else words.share(inside),
    ]


def draw_verification(
    view: View, run: RunRecord, series: list[str], *, all_of_them: bool
) -> None:
    """Earlier forecasts beside what came; a warning where their intervals failed."""
    words = view.words
    heading(words("verification.heading"))
    rows = read(view, reckoning.verification, run, series, all_of_them=all_of_them)
    if rows.is_empty():
        st.caption(words("verification.empty"))
        return
    _warn(view, rows)
    body: list[list[str | Cell]] = [
        [
            words("verification.after", day=words.day(row["origin"])),
            words("verification.days", days=row["ahead"]),
            words.share(row["wape"], 1),
            _bias(view, row["bias"]),
            _outside(view, row["outside"], row["expected_outside"]),
            words.number(row["periods"]),
        ]
        for row in rows.to_dicts()
    ]
    heads = [
        words(f"verification.{name}")
        for name in ("run", "ahead", "wape", "bias", "outside", "periods")
    ]
    table = Table(
        words("verification.heading"), heads, body, frozenset(range(1, 6)), stacks=True
    )
    show_table(table)
    st.caption(words("verification.note"))


def _warn(view: View, rows: pl.DataFrame) -> None:
    """Name the series of the newest run whose errors left their interval too often."""
    words = view.words
    newest = rows.filter(pl.col("origin") == pl.col("origin").max())
    names = newest["names"].explode().drop_nulls().unique().sort().to_list()
    if not names:
        return
    shown = "; ".join(words.series(name) for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    shown += words("verification.more", count=more) if more > 0 else ""
    text = words.many("verification.warning", len(names), names=shown)
    st.warning(text, icon=":material/warning:")


def _bias(view: View, bias: float | None) -> str:
    return "\u2013" if bias is None else f"{view.words.signed(100 * bias, 1)}%"


def _outside(view: View, outside: float, bound: float | None) -> Cell:
    """The share outside the interval, beside what chance allows where that is known."""
    words = view.words
    if bound is None:
        return Cell(words.share(outside))
    allowed = words("verification.allowed", share=words.share(bound))
    return Cell(words.share(outside), allowed, "over" if outside > bound else "plain")
