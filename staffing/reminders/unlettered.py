"""Applications as they would have come without letters."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from forecasting.errors import InputError
from forecasting.outside import Mail
from forecasting.series.exposure import Exposure
from forecasting.series.panel import first_and_last

BAND = "age_band"
WEEK = timedelta(weeks=1)


def without_letters(
    applications: pl.DataFrame, mail: Mail, service: str, timing: pl.DataFrame
) -> pl.DataFrame:
    """The applications of a service less what letters moved into each week.

    Args:
        applications: `week, count`, optionally `age_band`.
        mail: letters that went out, with how residents react.
        service: whose they are; letters about others move nothing.
        timing: typed `RenewalTiming` of the service.

    Raises:
        InputError: applications tell the age, and letters do not.
    """
    if BAND not in applications.columns:
        return _less(applications, mail, service, timing)
    letters = mail.about(service).letters
    untold = set(letters[BAND]) - set(timing[BAND])
    if untold:
        raise InputError(
            f"expected letters by the age bands of applications, came '{min(untold)}'",
            column=BAND,
            remedy="Tell the band of each letter, or leave the age of both out.",
        )
    parts = []
    for (band,), rows in applications.group_by(BAND, maintain_order=True):
        own = pl.col(BAND) == band
        sent = replace(mail, letters=letters.filter(own))
        parts.append(_less(rows, sent, service, timing.filter(own)))
    return pl.concat(parts)


def _less(
    applications: pl.DataFrame, mail: Mail, service: str, timing: pl.DataFrame
) -> pl.DataFrame:
    """Letters of a week that is not known are left where they fall."""
    first, last = first_and_last(applications["week"])
    place = ((applications["week"] - first).dt.total_days() // 7).to_numpy()
    counts = applications["count"].cast(pl.Float64).to_numpy()
    weekly = np.full((last - first).days // 7 + 1, np.inf)
    weekly[place] = counts
    known = Exposure(service, last + WEEK, np.datetime64(first), weekly)
    moved = replace(mail, counted=()).shift(known, timing)
    left = np.maximum(counts - moved[place], 0.0)
    return applications.with_columns(pl.Series("count", left))
