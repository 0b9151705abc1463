"""What hold-outs taught about reactions: stored by one room, read by both."""

from typing import TypeVar

import dataframely as dy
import polars as pl

from forecasting.reactions.assumption import Assumption, Share
from forecasting.reactions.channels import Channels

QUANTITIES = ("acts", "half_life_weeks")

AnyChannels = TypeVar("AnyChannels", bound=Channels)


class MeasuredResponse(dy.Schema):
    """How residents react to a channel, by what was assumed and by all results since.

    `quantity` is `acts` or `half_life_weeks` of a channel; `low` and `high` bound 90%.
    """

    channel = dy.String(primary_key=True, min_length=1)
    quantity = dy.String(primary_key=True)
    value = dy.Float64(nullable=False, min=0)
    low = dy.Float64(nullable=False, min=0)
    high = dy.Float64(nullable=False, min=0)
    source = dy.String(nullable=False, min_length=1)

    @dy.rule()
    def quantity_is_known(cls) -> pl.Expr:
        """The two that a hold-out can tell."""
        return pl.col("quantity").is_in(QUANTITIES)


def with_measured(response: AnyChannels, measured: pl.DataFrame) -> AnyChannels:
    """The response with what was measured of its channels instead of what is assumed.

    Args:
        response: with what is assumed.
        measured: typed `MeasuredResponse`; channels that are not described any more are
            left out.
    """
    channels = dict(response.channel)
    for row in measured.iter_rows(named=True):
        name, quantity = row.pop("channel"), row.pop("quantity")
        if name in channels:
            kind = Share if quantity == "acts" else Assumption
            update = {quantity: kind(**row)}
            channels[name] = channels[name].model_copy(update=update)
    return response.with_channels(channels)
