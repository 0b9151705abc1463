"""Online applications, counted per day and product in a workbook."""

from pathlib import Path

import numpy as np
import polars as pl

from forecasting.reference.demand import World
from forecasting.reference.writing import Export, write_workbook


def write_online(folder: Path, world: World) -> list[Export]:
    """Write the sheet `Aanvragen`: every day and product, zeros included."""
    file = folder / "online.xlsx"
    write_workbook(file, {"Aanvragen": make_online(world)}, world.days.until)
    return [Export(file, "online_daily")]


def make_online(world: World) -> pl.DataFrame:
    """Counts per day and product, weekends and holidays too."""
    past = np.flatnonzero(world.days.past)
    dates = pl.Series(np.datetime64(world.days.first) + past)
    frames = [
        pl.DataFrame(
            {
                "Datum": dates,
                "Product": pl.repeat(
                    world.catalogue.services[series.service].name_nl,
                    past.size,
                    eager=True,
                ),
                "Aantal": counts[past],
            }
        )
        for series, counts in world.of("online").items()
    ]
    return pl.concat(frames).sort("Datum", maintain_order=True)
