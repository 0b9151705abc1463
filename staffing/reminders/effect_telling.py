"""What the letters did, in a table and in a sentence per row, for a page."""

from collections.abc import Iterator

import dataframely as dy
import polars as pl

from staffing.reminders.effect import groups
from staffing.reminders.effect_expected import expected_difference, weeks_needed
from staffing.reminders.effect_policy import EffectPolicy
from staffing.reminders.effect_tables import ALL_LEADS, LettersDid
from staffing.reminders.effect_words import sentence
from staffing.reminders.response import Response

FOUND = ("mailed_share", "held_out_share", "difference", "low", "high")
COUNTED = ("batches", "mailed", "held_out")
FEWEST_CAME = 5
"""Applications in each arm, below which nothing is said of the difference."""
Row = dict[str, object]


def letters_did(
    watched: pl.DataFrame,
    effects: pl.DataFrame,
    response: Response,
    policy: EffectPolicy,
    *,
    small_cell: int,
) -> dy.DataFrame[LettersDid]:
    """What each channel did by the week that was fixed beforehand, with weeks of lead.

    Args:
        watched: typed `Watched`.
        effects: typed `LetterEffects`, of the same.
        response: what is expected.
        policy: the week, the leads and the power.
        small_cell: shares of fewer applications than this are not told, nor are leads
            told apart where a class has fewer documents.
    """
    judged = {
        (row["channel"], row["lead"]): row
        for row in effects.filter(week=policy.week).iter_rows(named=True)
    }
    rows = []
    for channel, lead, mine in _told(watched, policy, small_cell):
        if channel not in response.channel:
            continue
        then = mine.filter(week=0).with_columns(week=pl.lit(policy.week, pl.Int32))
        row = _figures(judged.get((channel, lead)), small_cell) | {
            "channel": channel,
            "lead": lead,
            "week": policy.week,
            "expected": expected_difference(then, response),
            "weeks_needed": weeks_needed(then, response, policy),
        }
        weeks = mine["mailing_week"].n_unique()
        texts = (sentence(row, policy, weeks, place) for place in (0, 1))
        rows.append(row | dict(zip(("text_nl", "text_en"), texts, strict=True)))
    empty = LettersDid.create_empty()
    frame = pl.DataFrame(rows, infer_schema_length=None) if rows else empty
    return LettersDid.validate(frame.select(LettersDid.column_names()), cast=True)


def _told(
    watched: pl.DataFrame, policy: EffectPolicy, small_cell: int
) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Channels whole; by lead only where each class has enough documents in both arms.

    One small class left out would follow from the whole and the others.
    """
    found = list(groups(watched, policy.lead_bounds))
    for channel, lead, rows in found:
        classes = [part for name, _, part in found if name == channel]
        fewest = min(
            int(part.filter(week=0)[arm].sum())
            for part in classes
            for arm in ("mailed", "held_out")
        )
        if lead == ALL_LEADS or fewest >= small_cell:
            yield channel, lead, rows


def _figures(judged: Row | None, small_cell: int) -> Row:
    """What was found by then; nothing where nobody was watched so long, or few came.

    An interval of a few applications is no better than the law that is held beforehand.
    """
    if judged is None:
        return dict.fromkeys(FOUND) | dict.fromkeys(COUNTED, 0) | {"shown": False}
    told = {name: judged[name] for name in (*FOUND, *COUNTED)}
    fewest = min(int(str(judged[f"{arm}_came"])) for arm in ("mailed", "held_out"))
    if fewest < max(small_cell, FEWEST_CAME):
        return told | dict.fromkeys(FOUND) | {"shown": False}
    low, high = float(str(judged["low"])), float(str(judged["high"]))
    return told | {"shown": low > 0 or high < 0}
