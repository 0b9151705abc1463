"""The table of a what-if of the mailing plan: one row per scenario."""

import dataframely as dy
import polars as pl

from staffing.reminders.scenarios.inputs import KINDS

FIGURES = [
    f"{name}{end}"
    for name in ("before", "after", "change")
    for end in ("", "_low", "_high")
]


def _gain() -> dy.Struct:
    """A measure without letters, with them and its change, each with a 90% interval."""
    return dy.Struct({name: dy.Float64() for name in FIGURES}, nullable=True)


class MailingScenarios(dy.Schema):
    """What the plan would be if one thing were otherwise; `as planned` stands beside it.

    `kind` and `value` say what is otherwise, `note` on what it rests, or why it was not
    reckoned (all else is null then). `letters` to `renews_online` say where each
    document went; `paper_letters` are on paper, with those that follow messages not read,
    and `euros` their price; `rounding_loss` is hours above capacity that whole letters
    leave beyond the optimum. The peak week is that of the expected load. The four measures are those of `MailingGains`, in the same futures for
    all scenarios that have the same load: without letters (`before`), with them
    (`after`) and the `change`, each the mean with its 90% interval.
    """

    kind = dy.String(primary_key=True, min_length=1)
    value = dy.String(primary_key=True)
    note = dy.String(nullable=False)
    verdict = dy.String(nullable=True)
    letters = dy.Int64(nullable=True, min=0)
    held_out = dy.Int64(nullable=True, min=0)
    not_chosen = dy.Int64(nullable=True, min=0)
    too_late = dy.Int64(nullable=True, min=0)
    not_due = dy.Int64(nullable=True, min=0)
    small = dy.Int64(nullable=True, min=0)
    renews_online = dy.Int64(nullable=True, min=0)
    paper_letters = dy.Int64(nullable=True, min=0)
    euros = dy.Float64(nullable=True, min=0)
    rounding_loss = dy.Float64(nullable=True, min=0)
    peak_week_before = dy.String(nullable=True)
    peak_week_after = dy.String(nullable=True)
    peak_load_hours = _gain()
    share_of_weeks_over = _gain()
    hours_above_capacity = _gain()
    staff_hours = _gain()

    @dy.rule()
    def kind_is_known(cls) -> pl.Expr:
        """What can be otherwise is one of a few things."""
        return pl.col("kind").is_in(KINDS)

    @dy.rule()
    def tells_why_it_was_not_reckoned(cls) -> pl.Expr:
        """A scenario without a plan has a reason."""
        return pl.col("verdict").is_not_null() | (pl.col("note").str.len_chars() > 0)
