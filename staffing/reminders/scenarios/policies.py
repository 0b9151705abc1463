"""What if the town's own limits were others: lead, channel, budget, worth of a letter."""

from forecasting.errors import InputError
from staffing.reminders.scenarios.inputs import PlanInputs, Scenario

LEADS = (13, 20, 40)
"""Earliest leads that are tried, in weeks."""
BUDGETS = (0.5, 2.0)
"""Budgets that are tried, as parts of the town's own."""
WORTHS = (0.5, 2.0, 4.0)
"""Letters for an hour that are tried, as parts of the town's own: with it a curve."""


def lead(inputs: PlanInputs, weeks: int) -> Scenario:
    """Letters at most `weeks` weeks before expiry.

    Raises:
        InputError: the last letter goes earlier, or a document is not valid that long.
    """
    last = inputs.policy.latest_lead_weeks
    services = inputs.expiries["service"].unique().to_list()
    valid = min(inputs.response.document_of(name).validity_weeks for name in services)
    if not last <= weeks < valid:
        raise InputError(
            f"expected an earliest lead from {last} weeks (wait, production and margin) "
            f"to {valid - 1} (the shortest validity), came {weeks}",
            remedy="Choose a lead between these.",
        )
    told = f"letters go {last} to {weeks} weeks before expiry"
    changed = inputs.with_policy(earliest_lead_weeks=weeks)
    return Scenario("lead", str(weeks), changed, told)


def channel(inputs: PlanInputs, name: str) -> Scenario:
    """All reminders by another channel.

    Raises:
        InputError: the channel is not described.
    """
    known = inputs.response.channel
    if name not in known:
        raise InputError(
            f"expected a channel among {', '.join(known)}, came '{name}'",
            remedy="Describe it in [response.channel] of config/reminders.toml.",
        )
    told = f"who acts: {known[name].acts.source}; letters on paper alone have a price"
    return Scenario("channel", name, inputs.with_policy(channel=name), told)


def budget(inputs: PlanInputs, letters: int, *, spent: int = 0) -> Scenario:
    """At most `letters` letters in all, of which approved batches `spent` part.

    Raises:
        InputError: fewer than none.
    """
    if letters < 0:
        raise InputError(
            f"expected a budget of 0 letters or more, came {letters}",
            remedy="Give the number of letters of the whole plan.",
        )
    left = inputs.with_policy(budget=max(letters - spent, 0))
    return Scenario("budget", str(letters), left)


def worth(inputs: PlanInputs, letters: float) -> Scenario:
    """At most `letters` letters for an hour less.

    Raises:
        InputError: none, or fewer.
    """
    if not 0 < letters < float("inf"):
        raise InputError(
            f"expected more than 0 letters for an hour, came {letters:g}",
            remedy="Give how many letters an hour less is worth.",
        )
    changed = inputs.with_policy(letters_per_hour=letters)
    return Scenario("worth", f"{letters:g}", changed)


def of_policy(inputs: PlanInputs) -> list[Scenario]:
    """The leads, channels, budgets and worths that are tried where none was chosen.

    A lead that cannot be is there with the reason.
    """
    policy = inputs.policy
    leads = [_lead_or_why(inputs, n) for n in LEADS if n != policy.earliest_lead_weeks]
    others = [name for name in inputs.response.channel if name != policy.channel]
    letters = [int(part * policy.budget) for part in BUDGETS]
    return [
        *leads,
        *(channel(inputs, name) for name in others),
        *(budget(inputs, number) for number in dict.fromkeys(letters)),
        *(worth(inputs, part * policy.letters_per_hour) for part in WORTHS),
    ]


def _lead_or_why(inputs: PlanInputs, weeks: int) -> Scenario:
    try:
        return lead(inputs, weeks)
    except InputError as error:
        return Scenario("lead", str(weeks), None, str(error))
