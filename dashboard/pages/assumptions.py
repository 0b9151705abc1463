"""Settings as read, with the source of each: what is assumed says so."""

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, heading, read, show_table
from dashboard.queries.chain import newest_run
from dashboard.queries.work import handling_by_step
from forecasting.errors import PolicyError
from staffing.store import labour_rules, standards

RULES = (
    "max_shift_hours",
    "max_week_hours",
    "daily_rest_hours",
    "weekly_rest_hours",
    "day_window_from_hour",
    "day_window_to_hour",
    "notice_days",
)


def draw_settings(view: View) -> None:
    """Service standards and labour rules, each with its source."""
    words = view.words
    heading(words("data.settings"))
    st.caption(words("data.settings_note", folder=view.workspace.settings.config))
    try:
        tables = [_standards_table(view), *_handling_table(view), _labour_table(view)]
    except PolicyError as error:
        st.error(str(error))
        return
    for table in tables:
        show_table(table)


def _standards_table(view: View) -> Table:
    words, policy = view.words, standards(view.workspace)
    names = ("skill", "target", "threshold", "patience", "minimum", "source")
    heads = [words(f"data.standard_{name}") for name in names]
    body: list[list[str | Cell]] = [
        [
            words.named("skill", skill),
            words.share(one.target),
            words.duration(one.threshold_s),
            "\u2013" if one.patience_s is None else words.duration(one.patience_s),
            words.number(one.minimum_people),
            one.source,
        ]
        for skill, one in policy.skill.items()
    ]
    missed = policy.no_show
    told = [
        (words.named("shrinkage", kind), one.share, one.source)
        for kind, one in policy.shrinkage.items()
    ]
    told.append((words("data.no_show"), missed.share, missed.source))
    body += [[name, words.share(part), "", "", "", why] for name, part, why in told]
    return Table(words("data.standards"), heads, body, frozenset({1, 2, 3, 4}))


def _handling_table(view: View) -> list[Table]:
    """Handling times as the newest requirement took them; none before there is one."""
    words, run = view.words, newest_run(view.workspace, "requirement")
    rows = [] if run is None else list(read(view, handling_by_step, run).iter_rows())
    if not rows:
        return []
    names = ("service", "step", "seconds", "spread", "source")
    heads = [words(f"data.handling_{name}") for name in names]
    body: list[list[str | Cell]] = [
        [
            words.service(service),
            words.named("step_of_service", step),
            _between(view, low, high),
            words.number(cv, 1),
            words("data.measured" if measured else "data.assumed"),
        ]
        for service, step, low, high, cv, measured in rows
    ]
    return [Table(words("data.handling"), heads, body, frozenset({2, 3}))]


def _between(view: View, low: float, high: float) -> str:
    """The least and the greatest in whole seconds; one of them where they are alike."""
    least, most = (view.words.number(seconds) for seconds in (low, high))
    return least if least == most else f"{least}\u2013{most}"


def _labour_table(view: View) -> Table:
    words, rules = view.words, labour_rules(view.workspace)
    breaks = "; ".join(
        words(
            "data.break",
            hours=words.number(b.over_hours, 1),
            minutes=words.number(b.minutes),
        )
        for b in rules.breaks
    )
    values = {name: words.number(float(getattr(rules, name))) for name in RULES}
    heads = [words(f"data.labour_{name}") for name in ("rule", "value", "source")]
    shown = {**values, "breaks": breaks}
    body = [
        [words(f"labour.{name}"), value, rules.source.get(name, words("missing"))]
        for name, value in shown.items()
    ]
    return Table(words("data.labour"), heads, body)
