"""One sentence for each peak to come: how high, of which documents, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.explaining.peaks import with_seasons
from forecasting.explaining.words import DUTCH, ENGLISH, Language
from forecasting.insight_tables import Peaks
from forecasting.tuning import ExplainTuning

LEAST_SHARE = 0.1
"""Documents of one month of issue are named when this much of the week is theirs."""

LEAST_PART = 0.2
"""A cause is named when it explains this much of what is above the usual."""

MAINLY = 0.5
"""The causes named are the main ones from this part of what is above the usual on."""

MOST_CAUSES = 2
Key = tuple[str, date]


@dataclass(frozen=True)
class _Peak:
    """A week of a group that stands out."""

    group: str
    week: date
    expected: float
    usual: float
    first: date
    last: date
    top: bool

    @property
    def over(self) -> float:
        """How much is expected beyond the usual."""
        return self.expected - self.usual

    @property
    def key(self) -> Key:
        """Its group and week."""
        return self.group, self.week


def told_peaks(
    peaks: pl.DataFrame,
    causes: pl.DataFrame,
    issued: pl.DataFrame,
    catalogue: Catalogue,
    tuning: ExplainTuning,
) -> pl.DataFrame:
    """A `Peaks` table: every peak with its sentence in Dutch and English.

    Args:
        peaks: `group, week, expected, q75, usual`.
        causes: `group, week, cause, count` of all weeks, peaks or not.
        issued: an `Issued` table.
        catalogue: names of the services.
        tuning: how many weeks lie around a week.
    """
    why = _standing_out(peaks, causes, tuning)
    whose = _most_issued(issued)
    found = with_seasons(peaks)
    dutch, english = [], []
    for row in found.select(list(_Peak.__dataclass_fields__)).iter_rows():
        peak = _Peak(*row)
        told = (peak, whose.get(peak.key), why.get(peak.key, ()))
        dutch.append(_sentence(*told, DUTCH, _names(catalogue, "nl")))
        english.append(_sentence(*told, ENGLISH, _names(catalogue, "en")))
    texts = (
        pl.Series("text_nl", dutch, pl.String),
        pl.Series("text_en", english, pl.String),
    )
    return Peaks.validate(found.with_columns(texts), cast=True)


def _names(catalogue: Catalogue, language: str) -> Mapping[str, str]:
    return {
        service.id: service.name_nl if language == "nl" else service.name_en
        for service in catalogue.service
    }


def _most_issued(issued: pl.DataFrame) -> dict[Key, tuple[date, float]]:
    """Per service and week the month of issue that most documents come from."""
    ordered = issued.sort("share", "issued", descending=[True, False])
    top = ordered.unique(["service", "week"], keep="first", maintain_order=True)
    named = top.filter(pl.col("share") >= LEAST_SHARE)
    rows = named.select("service", "week", "issued", "share").iter_rows()
    return {(service, week): (month, share) for service, week, month, share in rows}


def _standing_out(
    peaks: pl.DataFrame, causes: pl.DataFrame, tuning: ExplainTuning
) -> dict[Key, list[tuple[str, float]]]:
    """Per peak the causes that are larger than in the weeks around it, with how much."""
    half = timedelta(weeks=tuning.around_weeks // 2)
    weeks = causes.select("group", "week").unique()
    grid = weeks.join(causes.select("group", "cause").unique(), on="group")
    keys = ["group", "week", "cause"]
    full = grid.join(causes, on=keys, how="left").with_columns(
        pl.col("count").fill_null(0.0)
    )
    near = full.rename({"week": "week_near", "count": "near"})
    around = (
        peaks.join(near, on="group")
        .filter((pl.col("week_near") - pl.col("week")).abs() <= half)
        .group_by(keys)
        .agg(pl.col("near").median())
    )
    over = pl.col("count") - pl.col("near")
    excess = pl.col("expected") - pl.col("usual")
    found = (
        peaks.join(full, on=["group", "week"])
        .join(around, on=keys)
        .with_columns(over.alias("over"))
        .filter((pl.col("over") >= LEAST_PART * excess) & (pl.col("over") >= 1))
        .sort("group", "week", "over", "cause", descending=[False, False, True, False])
    )
    why: dict[Key, list[tuple[str, float]]] = {}
    rows = found.select("group", "week", "cause", "over").iter_rows()
    for group, week, cause, more in rows:
        why.setdefault((group, week), []).append((cause, more))
    return {key: parts[:MOST_CAUSES] for key, parts in why.items()}


def _sentence(
    peak: _Peak,
    whose: tuple[date, float] | None,
    why: Sequence[tuple[str, float]],
    language: Language,
    names: Mapping[str, str],
) -> str:
    parts = [_head(peak, language, names)]
    if peak.top and peak.first < peak.last:
        ends = (day.isocalendar().week for day in (peak.first, peak.last))
        parts.append(language.season.format(*ends))
    if whose is not None:
        month, share = language.month(whose[0]), f"{whose[1]:.0%}"
        parts.append(language.issued.format(share=share, month=month))
    if why:
        parts.append(_reasons(peak, why, language))
    return "; ".join(parts) + "."


def _reasons(peak: _Peak, why: Sequence[tuple[str, float]], language: Language) -> str:
    """The causes by name; beside what they should explain where that is most of it."""
    said = (f"{language.cause(code)} (+{language.number(n)})" for code, n in why)
    mainly = sum(more for _, more in why) >= MAINLY * peak.over
    words = language.mainly if mainly else language.partly
    return words.format(
        causes=language.joined.join(said), over=language.number(peak.over)
    )


def _head(peak: _Peak, language: Language, names: Mapping[str, str]) -> str:
    known = names.get(peak.group) or language.channels.get(peak.group)
    return language.peak.format(
        week=peak.week.isocalendar().week,
        day=language.day(peak.week),
        expected=language.number(peak.expected),
        group=known or peak.group,
        over=f"{peak.expected / max(peak.usual, 1) - 1:.0%}",
        usual=language.number(peak.usual),
    )
