"""What a batch was approved with: what it states, and how it is drawn and counted."""

from staffing.reminders.batches.policy import BatchPolicy
from staffing.reminders.policy import ReminderSettings


class BatchTerms(BatchPolicy):
    """The settings that an approved batch keeps, whatever the town sets afterwards.

    `paper_share` is the expected share of those addressed to whom a letter on paper
    follows `paper_after_weeks` later; None where the channel has no such letter.
    """

    small_cell: int
    letters_per_document: int
    weeks_between_letters: int
    paper_share: float | None = None
    paper_after_weeks: int = 0


def terms_of(settings: ReminderSettings, channel: str) -> BatchTerms:
    """The terms that the settings of today give a batch of a channel."""
    plan, response = settings.plan, settings.response
    how = response.channel.get(channel)
    follows = how is not None and how.fallback is not None
    return BatchTerms(
        **settings.batch.model_dump(),
        small_cell=plan.small_cell,
        letters_per_document=plan.letters_per_document,
        weeks_between_letters=plan.weeks_between_letters,
        paper_share=(
            response.letter_later(channel, plan.earliest_lead_weeks)
            if follows
            else None
        ),
        paper_after_weeks=response.weeks_until_letter(channel) if follows else 0,
    )
