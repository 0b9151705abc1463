"""Names that all tables share: channels, quantiles, and what a series is called."""

import polars as pl

CHANNELS = (
    "appointment",
    "walk_in",
    "phone",
    "chat",
    "video",
    "callback",
    "online",
    "assistant",
)
QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
QUANTILE_NAMES = tuple(f"q{round(100 * level):02d}" for level in QUANTILES)


def series_name() -> pl.Expr:
    """The series of a contact: `location/service/step/channel`."""
    return pl.concat_str("location", "service", "step", "channel", separator="/")


def split_series(column: str = "series") -> pl.Expr:
    """The parts of a series as a struct of location, service, step and channel."""
    return (
        pl.col(column)
        .str.split_exact("/", 3)
        .struct.rename_fields(["location", "service", "step", "channel"])
    )
