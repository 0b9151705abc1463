"""Whether letters help, in words, and why; what the plan costs."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard.pages.letters.again import is_behind, same_command
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, read, show_missing
from dashboard.queries import batches, chain, mailing
from forecasting.records import RunRecord
from staffing.reminders.gains import HELPS, HOURS, NO_NEED, PEAK, STAFF

CHOSEN = ("budget", "earliest_lead_weeks", "channel", "letters_per_hour")


def draw_verdict(view: View, run: RunRecord) -> None:
    """A banner with the verdict, and what a reader has to know about it."""
    words, said = view.words, run.figures.get("verdict")
    rows = read(view, mailing.gains, run)
    if said == HELPS and not rows.is_empty():
        st.success(_helps(view, run, rows), icon=":material/check:")
    elif said == NO_NEED:
        before = _change(rows, HOURS, "before")
        text = words("verdict.no_need", hours=words.number(before, 1))
        st.info(text, icon=":material/info:")
    elif said is not None:
        st.warning(_no_help(view, run), icon=":material/block:")
    if run.figures.get("capacity_known") is False:
        st.warning(words("verdict.no_capacity"), icon=":material/warning:")
    _say_behind(view, run)
    _say_choices(view, run)


def _say_behind(view: View, run: RunRecord) -> None:
    """What changed since the plan was made, and a button that makes it anew."""
    if chain.is_older(view.workspace, run, "requirement"):
        show_missing(view, "verdict.old")
    if batches.approved_since(view.workspace, run):
        show_missing(view, "verdict.batches")
    if is_behind(view, run):
        label = view.words("again.behind")
        start_button(view, label, same_command(run), key="reminders_behind")


def _helps(view: View, run: RunRecord, rows: pl.DataFrame) -> str:
    words = view.words
    hours = rows.row(by_predicate=pl.col("measure") == HOURS, named=True)
    before, after = (
        words.number(chain.figure(run, "peak_load_hours", end))
        for end in ("before", "after")
    )
    return words(
        "verdict.helps",
        hours=words.number(-hours["change"], 1),
        low=words.number(-hours["change_high"], 1),
        high=words.number(-hours["change_low"], 1),
        before=before,
        after=after,
    )


def _no_help(view: View, run: RunRecord) -> str:
    """What was tried, and which condition it does not meet."""
    words = view.words
    letters = chain.figure(run, "tried", "letters")
    if letters is None:
        return words("verdict.no_help")
    if letters == 0:
        return f"{words('verdict.no_help')} {words('verdict.none_worth')}"
    changes = {name: chain.figure(run, "tried", name) or 0.0
               for name in (HOURS, STAFF, PEAK)}  # fmt: skip
    tried = words(
        "verdict.tried",
        letters=words.number(letters),
        hours=words.signed(changes[HOURS], 1),
        staff=words.signed(changes[STAFF], 1),
        peak=words.signed(changes[PEAK], 1),
    )
    least = words.number(mailing.setting(run, "least_hours"), 1)
    higher = changes[PEAK] > 0
    why = words("verdict.higher") if higher else words("verdict.least", least=least)
    return f"{words('verdict.no_help')} {tried} {why}"


def _change(rows: pl.DataFrame, measure: str, column: str) -> float | None:
    found = rows.filter(measure=measure)
    return None if found.is_empty() else float(found.item(0, column))


def _say_choices(view: View, run: RunRecord) -> None:
    """What the plan was made with, where that is not what the settings say."""
    words = view.words
    chosen = [name for name in CHOSEN if name in run.parameters]
    if not chosen:
        return
    told = "; ".join(
        f"{words(f'choice.{name}').lower()} {choice(view, name, run.parameters[name])}"
        for name in chosen
    )
    st.caption(words("verdict.chosen", choices=told))


def choice(view: View, name: str, value: str) -> str:
    """A setting of a plan in words."""
    if name == "channel":
        return view.words.named("channel", value)
    return view.words.number(float(value))


def cost(view: View, run: RunRecord) -> str:
    """Letters on paper times their price, and what an hour less above capacity costs."""
    words, price = view.words, mailing.setting(run, "price_letter")
    planned, paper, euros = (
        chain.figure(run, name)
        for name in ("letters_planned", "paper_letters", "letters_euros")
    )
    if paper is None:  # a plan of before this was told: all of it on paper
        paper = planned
    if paper is None or euros is None or price is None:
        return words("missing")
    if not paper:
        return words("verdict.no_paper")
    said = {
        "letters": words.number(paper),
        "price": words.euros(price, 2),
        "euros": words.euros(euros),
    }
    saved = -(chain.figure(run, "gains", HOURS, "change") or 0.0)
    if saved <= 0:
        return words("verdict.cost", **said)
    each = words.euros(euros / saved)
    return f"{words('verdict.cost', **said)} {words('verdict.per_hour', each=each)}"


def made_on(view: View, run: RunRecord) -> str:
    """When the plan was made, and on which stock."""
    as_of = run.figures.get("as_of")
    day = date.fromisoformat(as_of) if isinstance(as_of, str) else None
    return view.words(
        "verdict.made",
        at=view.words.moment(view.local(run.at)),
        day=view.words.day(day),
    )
