"""Keep what was stored, and forget it in time: backup, restore, retention."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from forecasting.keeping.backing import back_up
    from forecasting.keeping.forgetting import forget
    from forecasting.keeping.restoring import restore

__all__ = ["back_up", "forget", "restore"]

__getattr__ = lazily(
    __name__,
    {"back_up": "backing", "forget": "forgetting", "restore": "restoring"},
)
