"""Commands of this room: forecast and backtest."""

from typing import Annotated

import typer

from forecasting.console import Answer, Session, command

app = typer.Typer(no_args_is_help=True, add_completion=False)

SeedOption = Annotated[int, typer.Option(help="Seed of everything random.")]


@command(app, "forecast")
def forecast(session: Session, seed: SeedOption = 0) -> Answer:
    """Forecast every imported series, by day and by quarter-hour."""
    from forecasting.pipeline import run_forecast

    with session.progress("Forecasting") as progress:
        run = run_forecast(
            session.workspace, now=session.now, seed=seed, progress=progress
        )
    figures = run.figures
    text = (
        f"{figures['series']} series forecast for {figures['horizon_days']} days. "
        f"Held-back error (WAPE): {figures['wape']:.3f}; "
        f"same week last year: {figures['wape_last_year']:.3f}."
    )
    return Answer(text, {"run": run.id, **figures})
