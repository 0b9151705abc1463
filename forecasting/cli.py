"""Commands of this room: forecast and backtest."""

from datetime import datetime
from typing import Annotated

import typer

import forecasting.notes_cli
from forecasting.console import Answer, Session, command

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.add_typer(forecasting.notes_cli.app)

SeedOption = Annotated[
    int, typer.Option(min=0, max=2**31 - 1, help="Seed of everything random.")
]


@command(app, "forecast")
def forecast(
    session: Session,
    seed: SeedOption = 0,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Look ahead from this day, not today."),
    ] = None,
) -> Answer:
    """Forecast every imported series, by day and by quarter-hour."""
    from forecasting.pipeline import run_forecast
    from forecasting.pipeline.spoken import spoken

    with session.progress("Forecasting") as progress:
        run = run_forecast(
            session.workspace,
            now=session.now,
            seed=seed,
            today=None if as_of is None else as_of.date(),
            progress=progress,
        )
    return Answer(spoken(run.figures), {"run": run.id, **run.figures})


@command(app, "backtest")
def backtest(
    session: Session,
    horizon: Annotated[
        int, typer.Option(min=1, max=3653, help="Days ahead to score.")
    ] = 28,
    origins: Annotated[
        int, typer.Option(min=1, max=100, help="Moments to score at.")
    ] = 3,
    seed: SeedOption = 0,
) -> Answer:
    """Score every method on days that were held back, beside the naive ones."""
    from forecasting.pipeline import run_backtest

    with session.progress("Scoring") as progress:
        run = run_backtest(
            session.workspace,
            now=session.now,
            seed=seed,
            horizon_days=horizon,
            origins=origins,
            progress=progress,
        )
    errors = run.figures["wape_by_method"]
    rows = sorted(errors.items(), key=_error) if isinstance(errors, dict) else []
    lines = [f"{name:<12} {error:.1%}" for name, error in rows if error is not None]
    head = (
        f"WAPE over {run.figures['series']} series, {horizon} days, {origins} origins"
    )
    return Answer("\n".join([head, *lines]), {"run": run.id, **run.figures})


def _error(row: tuple[str, float | None]) -> float:
    return float("inf") if row[1] is None else row[1]
