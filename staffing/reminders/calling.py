"""How many phone calls the letters of a plan cause."""

from typing import Literal

import polars as pl

from forecasting.reactions import Channels

End = Literal["value", "low", "high"]


def calls_caused(
    letters: pl.DataFrame, response: Channels, channel: str
) -> dict[str, float]:
    """Calls because of the letters: `expected`, with the ends of the range assumed.

    Who gets a second message, for the first was not read, may phone about that as well.

    Args:
        letters: typed `Letters`.
        response: who phones about a message in each channel.
        channel: in which the letters go.
    """
    lead = (pl.col("expiry_week") - pl.col("mailing_week")).dt.total_days() // 7
    counts = letters.group_by(lead.alias("lead")).agg(pl.col("letters").sum())
    ends: dict[str, End] = {"expected": "value", "low": "low", "high": "high"}
    return {
        name: round(
            sum(
                count * _per_letter(response, channel, weeks, end)
                for weeks, count in counts.sort("lead").iter_rows()
            ),
            1,
        )
        for name, end in ends.items()
    }


def _per_letter(response: Channels, channel: str, lead: int, end: End) -> float:
    second = response.second_share(channel, lead)
    fallback = response.channel[channel].fallback
    again = _share(response, fallback.channel, end) if fallback and second else 0.0
    return _share(response, channel, end) + second * again


def _share(response: Channels, channel: str, end: End) -> float:
    questions = response.channel[channel].questions
    return 0.0 if questions is None else float(getattr(questions.share, end))
