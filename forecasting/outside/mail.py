"""The letters a town knows of, and what they bring."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from forecasting.outside.asking_letters import Wave, waves_of
from forecasting.outside.shifting import weeks_moved
from forecasting.reactions import Reactions
from forecasting.series.exposure import Exposure
from forecasting.series.panel import FloatArray


@dataclass(frozen=True)
class Mail:
    """Letters (typed `KnownLetters`) and the reactions of residents.

    `counted` are the days on which outstanding documents were counted.
    """

    letters: pl.DataFrame
    reactions: Reactions
    counted: Sequence[date] = ()

    def shift(
        self, exposure: Exposure, timing: pl.DataFrame, day: date | None = None
    ) -> FloatArray:
        """The change of an exposure per week, as known on a day (`weeks_moved`).

        On that of the exposure when none is given.
        """
        seen = exposure.known_at if day is None else day
        return weeks_moved(
            exposure, self.letters, self.reactions, timing, seen, self.counted
        )

    def waves(self, day: date) -> Iterator[Wave]:
        """The calls of the letters known on a day."""
        return waves_of(self.letters, self.reactions, day)

    def about(self, service: str) -> "Mail":
        """The letters about one service."""
        return replace(self, letters=self.letters.filter(pl.col("service") == service))

    def with_stocks_by(self, day: date) -> "Mail":
        """The same, with the counts of outstanding documents up to a day."""
        return replace(self, counted=[at for at in self.counted if at <= day])

    @property
    def services(self) -> list[str]:
        """The services that letters are about."""
        return self.letters["service"].unique().sort().to_list()

    def sent_by(self, day: date) -> list[str]:
        """The services of which letters went out by a day."""
        sent = self.letters.filter(pl.col("mailing_week") <= day)
        return sent["service"].unique().sort().to_list()
