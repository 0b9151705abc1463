"""A telephone system's log of calls, replayed: one period fitted, another predicted."""

from typing import TYPE_CHECKING

from forecasting.lazy import lazily

if TYPE_CHECKING:
    from staffing.simulation.call_log.replayed import replay_log

__all__ = ["replay_log"]

__getattr__ = lazily(__name__, {"replay_log": "replayed"})
