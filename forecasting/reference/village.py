"""The small reference town: one workbook of weekly counts, staff and absence."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.calendar import week_name
from forecasting.reference.demand import World
from forecasting.reference.team import team_sheets
from forecasting.reference.writing import Export, write_workbook

CHANNEL_NAMES = {
    "appointment": "balie afspraak",
    "walk_in": "balie vrij",
    "phone": "telefoon",
    "callback": "e-mail",
    "online": "online",
}


def write_village(folder: Path, world: World) -> list[Export]:
    """Write everything the small town has, as three sheets of one workbook."""
    file = folder / "gemeente_klein.xlsx"
    until = world.days.until
    staff = team_sheets(world.place, world.policy, until=until, seed=world.seed)
    write_workbook(file, {"Tellingen": make_weekly_counts(world), **staff}, until)
    return [Export(file, name) for name in ("weekly_counts", "people", "absence")]


def make_weekly_counts(world: World) -> pl.DataFrame:
    """Contacts per whole week, service and channel, zeros included."""
    days = world.days
    first = -(-days.index(days.start) // 7)
    last = (days.index(days.until) + 1) // 7
    names = [week_name(days.first + timedelta(weeks=i)) for i in range(first, last)]
    frames = [
        pl.DataFrame(
            {
                "Week": names,
                "Dienst": [world.catalogue.services[series.service].name_nl]
                * len(names),
                "Kanaal": [CHANNEL_NAMES[series.channel]] * len(names),
                "Aantal": np.reshape(counts, (-1, 7)).sum(axis=1)[first:last],
            }
        )
        for series, counts in world.contacts.items()
    ]
    return pl.concat(frames).sort("Week", "Dienst", "Kanaal")
