"""Settings as read, with the source of each: what is assumed says so."""

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.faults import said_fault
from dashboard.pages.view import View, heading, read, show_table
from dashboard.queries.chain import figure, newest_run
from dashboard.queries.work import handling_by_step
from forecasting.errors import PolicyError
from staffing.standards import Standard, Standards
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
    """Standards, how they are reckoned with, time lost, handling times, labour rules."""
    words = view.words
    heading(words("data.settings"))
    st.caption(words("data.settings_note", folder=view.workspace.settings.config))
    try:
        policy = standards(view.workspace)
        tables = [
            _standards_table(view, policy),
            _reckoning_table(view, policy),
            _lost_table(view, policy),
            _promises_table(view, policy),
            *_handling_table(view),
            _labour_table(view),
        ]
    except PolicyError as error:
        st.error(said_fault(words, error), icon=":material/error:")
        return
    for table in tables:
        st.markdown(f"**{table.caption}**")
        show_table(table)


def _standards_table(view: View, policy: Standards) -> Table:
    words = view.words
    names = (
        "skill", "target", "threshold", "patience", "minimum", "abandoned", "check",
        "source",
    )  # fmt: skip
    heads = [words(f"data.standard_{name}") for name in names]
    body: list[list[str | Cell]] = [
        [
            words.named("skill", skill),
            words.share(one.target),
            words.duration(one.threshold_s),
            "\u2013" if one.patience_s is None else words.duration(one.patience_s),
            words.number(one.minimum_people),
            _abandoned(view, one),
            words(f"data.check_{one.check or 'fitting'}"),
            one.source,
        ]
        for skill, one in policy.skill.items()
    ]
    return Table(
        words("data.standards"), heads, body, frozenset({1, 2, 3, 4}), stacks=True
    )


def _abandoned(view: View, standard: Standard) -> str:
    """How who gives up counts; nobody does where patience is without end."""
    if standard.patience_s is None:
        return "\u2013"
    return view.words(f"data.abandoned_{standard.abandoned}")


def _reckoning_table(view: View, policy: Standards) -> Table:
    """The choices that hold for every task."""
    words = view.words
    pools = "; ".join(
        words("reasons.and").join(words.named("skill", name) for name in pool)
        for pool in policy.pools
    )
    level, floor = words.share(policy.safety_level), words.share(policy.slot_floor)
    rows = {
        "uncertainty": words(f"data.uncertainty_{policy.uncertainty}", level=level),
        "aim": words(f"data.aim_{policy.aim}", floor=floor),
        "futures": words.number(policy.futures),
        "replications": words.number(policy.check_replications),
        "pools": pools or "\u2013",
    }
    heads = [words(f"data.reckoning_{name}") for name in ("what", "choice")]
    body = [[words(f"data.reckoning_{name}"), value] for name, value in rows.items()]
    return Table(words("data.reckoning"), heads, body)


def _lost_table(view: View, policy: Standards) -> Table:
    """Time paid and not worked, per kind and together; visits that do not come."""
    words, missed = view.words, policy.no_show
    body: list[list[str | Cell]] = [
        [
            words.named("shrinkage", kind),
            words.share(one.share, 1),
            words(f"data.per_{one.per}"),
            one.source,
        ]
        for kind, one in policy.shrinkage.items()
    ]
    body.append([words("data.lost_together"), words.share(policy.lost, 1), "", ""])
    visits = words("data.per_visit")
    body.append(
        [words("data.no_show"), words.share(missed.share, 1), visits, missed.source]
    )
    names = ("kind", "share", "per", "source")
    heads = [words(f"data.lost_{name}") for name in names]
    return Table(words("data.lost"), heads, body, frozenset({1}), stacks=True)


def _promises_table(view: View, policy: Standards) -> Table:
    """Promises that no task's standard holds."""
    words, callback = view.words, policy.promise.callback
    n = words.number(callback.within_days)
    days = words.many("promises.working_days", callback.within_days, n=n)
    least, most = callback.target, policy.promise.no_show.at_most
    body: list[list[str | Cell]] = [
        [
            words("promises.topic_callback"),
            words("promises.at_least", share=words.share(least), within=days),
            callback.source,
        ],
        [
            words("promises.topic_no_show"),
            words("promises.at_most", share=words.share(most)),
            policy.promise.no_show.source,
        ],
    ]
    heads = [words("promises.promise"), words("data.standard_target")]
    return Table(words("promises.settings"), [*heads, words("data.lost_source")], body)


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
    known = figure(run, "handling_measured")
    caption = words("data.handling")
    if known is not None:
        caption += f": {words('data.handling_known', share=words.share(known))}"
    return [Table(caption, heads, body, frozenset({2, 3}))]


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
