"""What a batch states of itself: why, by whom, how many, how long, and what its files hold."""

from collections.abc import Mapping
from datetime import timedelta

from forecasting.calendar import week_name
from staffing.publish.batch_rows import Handout
from staffing.reminders.batches.drawing import RULE
from staffing.reminders.batches.stored import APPROVED, MADE, REFERENCES, BatchStep
from staffing.reminders.batches.tables import AGAIN, MAILED

HIDDEN = (
    "A count that is null is below the threshold, or protects one that is. A row 'rest' "
    "of a quota counts all cohorts, or all weeks of expiry, without a row of their own."
)


TWICE = (
    "A row of the group 'mailed again' counts documents that got one letter of an earlier "
    "batch, so many weeks before or more, and were not applied for; never one held out."
)


def manifest_of(handout: Handout, hashes: Mapping[str, str]) -> dict[str, object]:
    """The manifest of a batch, ready for JSON.

    Nothing in it depends on the moment of export: the same batch gives the same text.
    """
    batch, terms = handout.batch, handout.terms
    return {
        "batch": batch.name,
        "mailing_week": week_name(batch.mailing_week),
        "channel": batch.channel,
        "content": batch.content,
        "letters_approved": batch.letters,
        "paper_letters_expected": _paper(handout),
        "plan": batch.run,
        "purpose": terms.purpose,
        "legal_basis": terms.legal_basis,
        "objections": terms.objections,
        "retention": _retention(handout),
        "made": _step(batch.steps[MADE]),
        "approved": _step(batch.steps[APPROVED]),
        "hold_out": {
            "share": batch.held_out,
            "seed": batch.seed,
            "strata": "service x quarter of expiry",
            "rule": RULE,
        },
        "second_letters": _second(handout),
        "small_counts": {"threshold": terms.small_cell, "rule": HIDDEN},
        "counts": handout.shown.counts.to_dicts(),
        "source_sha256": batch.source,
        "files_sha256": dict(sorted(hashes.items())),
    }


def _paper(handout: Handout) -> dict[str, object] | None:
    """The week in which letters follow messages that nobody read, and how many about.

    None where the channel has none. Worked out of the numbers that `counts` tells, second
    messages too, and of those alone: a number that is hidden there gives none here.
    """
    terms, all_counts = handout.terms, handout.shown.counts.row(-1, named=True)
    if terms.paper_share is None:
        return None
    arms = (MAILED,) if terms.letters_per_document < 2 else (MAILED, AGAIN)
    messages = [all_counts[arm] for arm in arms]
    later = None if None in messages else round(terms.paper_share * sum(messages))
    week = handout.batch.mailing_week + timedelta(weeks=terms.paper_after_weeks)
    shown = later if later is not None and later >= terms.small_cell else None
    share = round(terms.paper_share, 4)
    return {"week": week_name(week), "share": share, "letters": shown}


def _second(handout: Handout) -> dict[str, object] | None:
    """Who is drawn for the group that is mailed again; None where nobody may be."""
    terms = handout.terms
    if terms.letters_per_document < 2:
        return None
    return {"weeks_after_the_first": terms.weeks_between_letters, "rule": TWICE}


def _retention(handout: Handout) -> dict[str, object]:
    weeks = handout.terms.retention_weeks
    until = handout.last_expiry + timedelta(weeks=weeks + 1)
    holds = handout.batch.content == REFERENCES
    return {
        "personal_data": "opaque references" if holds else "none",
        "weeks_after_expiry": weeks,
        "references_go_by": until.isoformat() if holds else None,
    }


def _step(step: BatchStep) -> dict[str, object]:
    return {
        "by": step.by,
        "at": step.at.isoformat(timespec="seconds"),
        "login": "verified" if step.verified else "unverified",
    }
