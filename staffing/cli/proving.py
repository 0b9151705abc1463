"""What a roster or a telephony log gives, by simulation."""

from pathlib import Path
from typing import Annotated

import typer

from forecasting.console import Answer, Session, command
from forecasting.errors import InputError
from staffing.cli.options import SeedOption, monday_of

app = typer.Typer()


@command(app, "simulate")
def simulate(
    session: Session,
    week: Annotated[
        str | None, typer.Option(help="ISO week of a roster to prove: 2027-W02.")
    ] = None,
    seed: SeedOption = 0,
    replications: Annotated[
        int, typer.Option(min=2, max=5000, help="Simulated weeks.")
    ] = 200,
    log: Annotated[
        Path | None, typer.Option(help="Telephony log to replay instead of a week.")
    ] = None,
    fit: Annotated[
        str | None,
        typer.Option(help="Days of the log to fit on: 1999-01-01..1999-01-17."),
    ] = None,
    predict: Annotated[
        str | None, typer.Option(help="Days of the log to predict, in the same form.")
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0, max=3600, help="Seconds that count as in time.")
    ] = 25,
    slot: Annotated[int, typer.Option(min=1, help="Minutes per slot of a log.")] = 30,
) -> Answer:
    """Prove the roster of a week by simulation, or replay a telephony log (--log)."""
    if (week is None) == (log is None):
        came = "neither" if week is None else "both"
        raise InputError(f"expected either --week or --log, came {came}")
    if log is not None:
        asked = {"fit": fit, "predict_days": predict}
        return _replay(session, log, asked, threshold, slot, seed)
    if fit is not None or predict is not None:
        raise InputError("expected --fit and --predict with --log only")
    return _prove(session, week or "", seed, replications)


def _prove(session: Session, week: str, seed: int, replications: int) -> Answer:
    from staffing.pipeline.simulating import run_simulation

    run = run_simulation(
        session.workspace,
        week=monday_of(week),
        now=session.now,
        seed=seed,
        replications=replications,
    )
    text = f"Simulated {week}.{_share_in_words(run.figures)}"
    return Answer(text, {"run": run.id, "week": week, **run.figures})


def _share_in_words(figures: dict[str, object]) -> str:
    share, weeks, reasons = (
        figures[name] for name in ("within_25s", "weeks", "reasons")
    )
    if not isinstance(share, dict) or not isinstance(weeks, dict):
        return ""
    text = (
        f" Answered within 25 seconds: {share['mean']:.1%} "
        f"({share['low']:.1%} to {share['high']:.1%}). Of single weeks 8 in 10 lie "
        f"between {weeks['q10']:.0%} and {weeks['q90']:.0%}; "
        f"{figures['weeks_on_target']:.0%} meet the target."
    )
    if isinstance(reasons, dict):
        parts = ", ".join(f"{name} {part:.0%}" for name, part in reasons.items())
        text += f" Why weeks differ: {parts}."
    return text


def _replay(
    session: Session,
    file: Path,
    asked: dict[str, str | None],
    threshold_s: float,
    slot_minutes: int,
    seed: int,
) -> Answer:
    """Nothing of the log is stored."""
    from forecasting.policy import load_policy
    from staffing.simulation.call_log.layout import CallLogLayout
    from staffing.simulation.call_log.replayed import replay_log
    from staffing.simulation.call_log.reporting import as_figures, in_words

    layout = load_policy(
        session.workspace.settings.config / "call_log.toml", CallLogLayout
    )
    replay = replay_log(
        file,
        layout,
        fit=asked["fit"],
        predict_days=asked["predict_days"],
        threshold_s=threshold_s,
        slot_minutes=slot_minutes,
        seed=seed,
    )
    return Answer(in_words(replay, threshold_s), as_figures(replay))
