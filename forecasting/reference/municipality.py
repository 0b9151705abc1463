"""Write a synthetic municipality's exports into a folder."""

from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.errors import InputError
from forecasting.policy import load_policy
from forecasting.reference.assumptions import ReferencePolicy, default_policy
from forecasting.reference.bookings import write_bookings
from forecasting.reference.callbacks import write_callbacks
from forecasting.reference.calls import write_calls
from forecasting.reference.demand import World, build_world
from forecasting.reference.messages import make_messages, write_messages
from forecasting.reference.online import write_online
from forecasting.reference.stock import write_stock
from forecasting.reference.team import write_team
from forecasting.reference.village import write_village
from forecasting.reference.walkins import write_visits
from forecasting.reference.writing import Export
from forecasting.settings import shipped

NOTICE = """\
SYNTHETISCHE GEGEVENS / SYNTHETIC DATA

Alles in deze map is verzonnen. Geen bestand gaat over een bestaande gemeente, inwoner of
medewerker. De aannames staan, met hun bron, in config/reference.toml.

Everything in this folder is invented. No file describes a real municipality, resident or
member of staff. The assumptions stand, with their source, in config/reference.toml.

Plaats / place: {town} ({population} inwoners / inhabitants)
Historie / history: {start} - {until}
Startgetal / seed: {seed}
"""


def write_town(
    folder: Path,
    *,
    town: Literal["town", "village"] = "town",
    until: date,
    seed: int = 0,
    policy: ReferencePolicy | None = None,
) -> list[Export]:
    """Write the exports of a synthetic municipality, with history up to and on `until`.

    Opening hours, closures and elections come from the calendar that ships with the
    product, steps and validity rules from its catalogue. Returns the files in the order
    in which to import them; the same arguments give the same bytes.

    Raises:
        InputError: the history would be shorter than a year, or end after `latest`.
    """
    policy = policy or default_policy()
    place = policy.places[town]
    if not place.start + timedelta(days=365) <= until <= policy.latest:
        raise InputError(
            f"expected a last day at least a year after {place.start} and no later "
            f"than {policy.latest}, came {until}"
        )
    config = shipped("config", "config")
    calendar = load_policy(config / "calendar.toml", Calendar)
    catalogue = load_policy(config / "catalogue.toml", Catalogue)
    world = build_world(place, policy, calendar, catalogue, until=until, seed=seed)
    folder.mkdir(parents=True, exist_ok=True)
    _write_notice(folder, town, world)
    if town == "village":
        return write_village(folder, world)
    return _write_town_exports(folder, world, calendar.zone)


def _write_town_exports(folder: Path, world: World, zone: str) -> list[Export]:
    messages = make_messages(world, zone)
    return [
        *write_bookings(folder, world),
        *write_visits(folder, world),
        *write_calls(folder, world),
        *write_messages(folder, messages),
        *write_callbacks(folder, world, zone, messages),
        *write_online(folder, world),
        *write_stock(folder, world),
        *write_team(
            folder, world.place, world.policy, until=world.days.until, seed=world.seed
        ),
    ]


def _write_notice(folder: Path, town: str, world: World) -> None:
    text = NOTICE.format(
        town=town,
        population=world.place.population,
        start=world.days.start,
        until=world.days.until,
        seed=world.seed,
    )
    (folder / "README.txt").write_text(text, "utf-8")
