"""What a batch of a week would hold, before anybody approves it; nothing is stored."""

from dataclasses import dataclass
from datetime import date

import dataframely as dy
import polars as pl

from forecasting.calendar import week_name
from forecasting.errors import InputError, MissingStepError
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.response_inputs import reminder_settings
from staffing.reminders import ReminderSettings
from staffing.reminders.batches.quotas import quotas
from staffing.reminders.batches.tables import HELD_OUT, BatchCounts, BatchFates
from staffing.reminders.batches.terms import BatchTerms, terms_of
from staffing.reminders.policy import LEAST_CELL
from staffing.tables import Letters


@dataclass(frozen=True)
class Draft:
    """The letters of a mailing week of a plan, as a batch that nobody approved yet.

    `held_out` is the share kept without a letter, `seed` the draw that decides who;
    `on_paper` is how many letters on paper a message brings, in the mean.
    """

    week: date
    run: RunRecord
    channel: str
    seed: int
    held_out: float
    on_paper: float
    terms: BatchTerms
    counts: dy.DataFrame[BatchCounts]
    fates: dy.DataFrame[BatchFates]

    @property
    def letters(self) -> int:
        """The letters it would send, second ones too."""
        return int(self.counts.filter(pl.col("arm") != HELD_OUT)["count"].sum())

    @property
    def paper_letters(self) -> int:
        """Those on paper: sent as such, and expected to follow messages not read."""
        return round(self.letters * self.on_paper)


def draft_batch(workspace: Workspace, run: RunRecord, week: date) -> Draft:
    """The batch that a plan makes of the week of a Monday.

    Services with too few letters get none; a draft of these alone has no counts.

    Raises:
        InputError: the plan sends no letters in that week.
    """
    letters = _letters_of(workspace, run, week)
    settings = _as_planned(run, reminder_settings(workspace))
    planned, seed = settings.plan, settings.batch.seed
    counts, fates = quotas(
        letters,
        _second_letters_of(workspace, run, week),
        share=planned.held_out,
        small_cell=planned.small_cell,
        seed=seed + week.toordinal(),  # which week gets the remainder is drawn as well
    )
    terms = terms_of(settings, planned.channel)
    how = settings.response.channel.get(planned.channel)
    return Draft(
        week=week,
        run=run,
        channel=planned.channel,
        seed=seed,
        held_out=planned.held_out,
        on_paper=float(how is None or how.paper) + (terms.paper_share or 0.0),
        terms=terms,
        counts=counts,
        fates=fates,
    )


def newest_plan(workspace: Workspace) -> RunRecord:
    """The newest mailing plan.

    Raises:
        MissingStepError: no plan was made yet.
    """
    run = workspace.ledger.latest("reminders", {})
    if run is None:
        raise MissingStepError(
            "Expected a stored mailing plan, found none. "
            "Make one first: piekwijzer reminders plan."
        )
    return run


def _as_planned(run: RunRecord, settings: ReminderSettings) -> ReminderSettings:
    """The settings with what the plan was made with; of older plans that is not told.

    A plan of before there was a least `small_cell` hides as much as one of today.
    """
    told = run.figures.get("settings")
    names = ("channel", "held_out", "small_cell")
    known = told if isinstance(told, dict) else {}
    update = {name: known[name] for name in names if name in known}
    few = update.get("small_cell", settings.plan.small_cell)
    update["small_cell"] = max(few, LEAST_CELL)
    plan = settings.plan.model_copy(update=update)
    return settings.model_copy(update={"plan": plan})


def _letters_of(
    workspace: Workspace, run: RunRecord, week: date
) -> dy.DataFrame[Letters]:
    table = Letters.validate(workspace.table(run, "letters").collect())
    letters = table.filter(pl.col("mailing_week") == week)
    if letters.is_empty():
        weeks = table["mailing_week"].unique().sort()
        known = ", ".join(week_name(one) for one in weeks.head(8))
        more = " and later" if len(weeks) > 8 else ""
        raise InputError(
            f"--week: expected a week in which the plan sends letters "
            f"({known or 'there is none'}{more}), came {week_name(week)}"
        )
    return Letters.validate(letters)


def _second_letters_of(
    workspace: Workspace, run: RunRecord, week: date
) -> dy.DataFrame[Letters]:
    """The second letters of a week; plans of before these were known have none."""
    stored = workspace.lake.scan("second_letters", run.id)
    if stored is None:
        return Letters.create_empty()
    return Letters.validate(stored.filter(pl.col("mailing_week") == week).collect())
