"""No district or age band is written to later than another.

Documents of one lot expire together and are renewed alike, so nothing justifies that
some of their holders are warned later. The lead of each letter is compared with the mean
lead of its lot; these differences, averaged over the letters of a district or of an age
band, stay within a bound: holders in one lot swap mailing weeks until they do, and what
no swap mends (one letter in a district, say) is not sent.
"""

import numpy as np
import polars as pl

from staffing.reminders.response import FloatArray, IntArray

GROUPS = ("district", "age_band")
ROUNDING = 1e-9


def unequal_leads(letters: pl.DataFrame) -> dict[str, float]:
    """The largest mean difference of any district, and of any age band, in weeks.

    `letters` has one row each: `lot, district, age_band, expiry, mailing`.
    """
    if letters.is_empty():
        return dict.fromkeys(GROUPS, 0.0)
    means = {group: differences(letters, group)["difference"] for group in GROUPS}
    return {
        group: float(np.abs(mean.to_numpy()).max()) for group, mean in means.items()
    }


def differences(letters: pl.DataFrame, group: str) -> pl.DataFrame:
    """Per group its number of `letters` and mean `difference`, below 0 where later.

    Differences are added row by row: sums that polars makes on several threads
    round otherwise from run to run, and a plan made twice is to be the same.
    """
    lead = pl.col("expiry") - pl.col("mailing")
    place = pl.col(group).rank("dense").cast(pl.Int64) - 1
    compared = letters.select(place, difference=lead - lead.mean().over("lot"))
    places = compared[group].to_numpy()
    number = np.bincount(places)
    sums = np.bincount(places, compared["difference"].to_numpy())
    names = letters.select(pl.col(group).unique().sort())
    return names.with_columns(letters=number, difference=sums / number)


def evened(letters: pl.DataFrame, most: float) -> pl.DataFrame:
    """The letters with mailing weeks swapped, and some left out, to keep the bound."""
    swapped = letters
    while (better := _swapped(swapped, most)) is not None:
        swapped = better
    while (worst := _worst(swapped, most)) is not None:
        swapped = _without_extreme(swapped, *worst)
    return swapped


def _excess(letters: pl.DataFrame, most: float) -> float:
    """What the bound is overstepped by, over all groups."""
    parts = [differences(letters, group)["difference"].to_numpy() for group in GROUPS]
    return float(np.maximum(0.0, np.abs(np.concatenate(parts)) - most).sum())


def _worst(letters: pl.DataFrame, most: float) -> tuple[str, object, bool] | None:
    """The group farthest from the others, and whether it is later; None within bounds."""
    found: tuple[float, str, object, bool] | None = None
    for group in GROUPS:
        for name, _, mean in differences(letters, group).iter_rows():
            if abs(mean) > most + ROUNDING and (found is None or abs(mean) > found[0]):
                found = abs(mean), group, name, mean < 0
    return None if found is None else found[1:]


def _swapped(letters: pl.DataFrame, most: float) -> pl.DataFrame | None:
    """The letters after the widest swap for the worst group, if that mends anything."""
    worst = _worst(letters, most)
    if worst is None:
        return None
    group, name, late = worst
    mailing = letters["mailing"].to_numpy().copy()
    pair = _widest(letters, (letters[group] == name).to_numpy(), mailing, late=late)
    if pair is None:
        return None
    mailing[list(pair)] = mailing[list(reversed(pair))]
    better = letters.with_columns(mailing=pl.Series(mailing))
    return better if _excess(better, most) < _excess(letters, most) else None


def _widest(
    letters: pl.DataFrame, own: FloatArray, mailing: IntArray, *, late: bool
) -> tuple[int, int] | None:
    """A letter of the group and one of others in its lot, mailed farthest apart."""
    sign = 1 if late else -1
    rows = letters.select("lot").with_row_index("row").with_columns(
        own=pl.Series(own), week=pl.Series(sign * mailing)
    )  # fmt: skip
    last = rows.filter("own").sort("week", "row").unique("lot", keep="last")
    first = rows.filter(~pl.col("own")).sort("week", "row").unique("lot", keep="first")
    both = last.join(first, on="lot", suffix="_other").sort("lot")
    apart = both.with_columns(apart=pl.col("week") - pl.col("week_other"))
    widest = apart.filter(pl.col("apart") > 0).sort("apart", "lot").tail(1)
    if widest.is_empty():
        return None
    return int(widest.item(0, "row")), int(widest.item(0, "row_other"))


def _without_extreme(
    letters: pl.DataFrame, group: str, name: object, late: bool
) -> pl.DataFrame:
    """The letters without the latest (or earliest) one of a group."""
    lead = pl.col("expiry") - pl.col("mailing")
    difference = (lead - lead.mean().over("lot")).alias("difference")
    rows = letters.with_row_index("row").with_columns(difference)
    own = rows.filter(pl.col(group) == name).sort(
        "difference", "row", descending=not late
    )
    return letters.with_row_index("row").filter(
        pl.col("row") != own.item(0, "row")
    ).drop("row")  # fmt: skip
