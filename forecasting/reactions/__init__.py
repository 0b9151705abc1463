"""How residents react to a letter: read by the plan that sends it and the forecast alike."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.reactions.assumption import Assumption as Assumption
    from forecasting.reactions.assumption import Share as Share
    from forecasting.reactions.channel import Channel as Channel
    from forecasting.reactions.channel import Fallback as Fallback
    from forecasting.reactions.channels import Channels as Channels
    from forecasting.reactions.channels import Reactions as Reactions
    from forecasting.reactions.measured import MeasuredResponse as MeasuredResponse
    from forecasting.reactions.measured import with_measured as with_measured
    from forecasting.reactions.questions import Questions as Questions

__getattr__ = lazily(
    __name__,
    {
        "Assumption": "assumption",
        "Share": "assumption",
        "Channel": "channel",
        "Fallback": "channel",
        "Channels": "channels",
        "Reactions": "channels",
        "MeasuredResponse": "measured",
        "with_measured": "measured",
        "Questions": "questions",
    },
)
