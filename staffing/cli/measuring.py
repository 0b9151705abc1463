"""What reminder letters did."""

import typer

from forecasting.console import Answer, Session, command
from staffing.cli.options import SeedOption

app = typer.Typer(no_args_is_help=True)


@command(app, "effect")
def measure_effect(session: Session, seed: SeedOption = 0) -> Answer:
    """Compare who was mailed with who was held out, and say what the letters did."""
    from staffing.pipeline.measuring_letters import letters_did_of, run_effect

    run = run_effect(session.workspace, now=session.now, seed=seed)
    did = letters_did_of(session.workspace, run)
    figures = {"run": run.id, **run.figures, "letters_did": did.to_dicts()}
    return Answer("\n".join(did["text_en"]), figures)
