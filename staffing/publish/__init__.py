"""The roster on paper and in files."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.publish.exporting import export_roster

__all__ = ["export_roster"]

__getattr__ = lazily(__name__, {"export_roster": "exporting"})
