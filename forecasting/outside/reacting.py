"""How residents react to letters, as the mailing plan knows it: assumed, or measured."""

import hashlib

from forecasting.policy import load_policy
from forecasting.reactions import Reactions, with_measured
from forecasting.workspace import Workspace

FILE, EFFECT, TABLE = "reminders.toml", "effect", "measured_response"


def reactions_of(workspace: Workspace) -> Reactions:
    """The reactions of `config/reminders.toml`, narrowed by the newest results stored.

    Raises:
        PolicyError: the file is absent, or breaks a rule.
        MissingStepError: the newest results are not in the lake.
    """
    assumed = load_policy(workspace.settings.config / FILE, Reactions)
    run = workspace.ledger.latest(EFFECT, {})
    if run is None:
        return assumed
    measured = workspace.table(run, TABLE).collect()
    found = with_measured(assumed.response, measured)
    return assumed.model_copy(update={"response": found})


def reactions_fingerprint(workspace: Workspace) -> list[str]:
    """What was measured of letters, as an input of a run; nothing where nothing was."""
    run = workspace.ledger.latest(EFFECT, {})
    if run is None:
        return []
    text = workspace.table(run, TABLE).collect().write_csv().encode()
    return [f"reactions-{hashlib.sha256(text).hexdigest()[:12]}"]
