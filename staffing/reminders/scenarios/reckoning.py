"""Make the plan of each scenario again, and tell them side by side."""

from collections.abc import Callable, Iterable, Sequence

import dataframely as dy
import polars as pl

from forecasting.errors import PiekwijzerError
from staffing.reminders.mailing import MailingPlan
from staffing.reminders.scenarios.inputs import Scenario
from staffing.reminders.scenarios.tables import FIGURES, MailingScenarios

Row = dict[str, object]


def mailing_scenarios(
    scenarios: Sequence[Scenario],
    share_out: Callable[
        [Callable[[Scenario], Row], Sequence[Scenario]], Iterable[Row]
    ] = map,
) -> dy.DataFrame[MailingScenarios]:
    """The plan of each scenario, made again as `staffing.reminders.plan` makes it.

    `share_out` lets others do the work, as `map` does it here: the answers are the same.
    """
    rows = list(share_out(reckoned, scenarios))
    schema = MailingScenarios.create_empty().schema
    return MailingScenarios.validate(pl.DataFrame(rows, schema=schema))


def reckoned(scenario: Scenario) -> Row:
    """A row of `MailingScenarios`; one that has no plan tells why."""
    row: Row = {"kind": scenario.kind, "value": scenario.value, "note": scenario.note}
    if scenario.inputs is None:
        return row
    try:
        made = scenario.inputs.planned()
    except PiekwijzerError as error:
        return row | {"note": str(error)}
    return row | _told(made) | {"renews_online": scenario.renews_online}


def _told(made: MailingPlan) -> Row:
    tally, week = made.tally, made.peak_week
    gains = {
        str(one["measure"]): {name: one[name] for name in FIGURES}
        for one in made.gains.iter_rows(named=True)
    }
    return {
        "verdict": made.verdict,
        "letters": tally.mailed,
        "held_out": tally.held_out,
        "not_chosen": tally.not_chosen,
        "too_late": tally.too_late,
        "not_due": tally.not_due,
        "small": tally.small,
        "paper_letters": made.paper_letters,
        "euros": made.paper_letters * made.letter_price,
        "rounding_loss": made.rounding_loss,
        "peak_week_before": week.before,
        "peak_week_after": week.after,
        **gains,
    }
