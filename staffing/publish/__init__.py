"""The roster and the agenda on paper and in files."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.publish.agenda_file import export_agenda
    from staffing.publish.exporting import export_persons, export_roster

__all__ = ["export_agenda", "export_persons", "export_roster"]

__getattr__ = lazily(
    __name__,
    {
        "export_agenda": "agenda_file",
        "export_persons": "exporting",
        "export_roster": "exporting",
    },
)
