"""Commands for service standards that are kept in the place of those of the settings."""

from typing import Annotated

import typer

from forecasting.console import Answer, Session, command

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Service standards: those that hold, and keeping another.",
)

SkillArgument = Annotated[str, typer.Argument(help="Skill, as standards.toml has it.")]


@command(app, "list")
def list_standards(session: Session) -> Answer:
    """Show the share and seconds that hold for each skill, and where they are from."""
    from staffing.store import standards

    found = standards(session.workspace).skill
    lines = [
        f"{skill:<16} {one.target:.0%} in {one.threshold_s:g} s  {one.source}"
        for skill, one in found.items()
    ]
    told = {
        skill: {
            "target": one.target,
            "threshold_s": one.threshold_s,
            "source": one.source,
        }
        for skill, one in found.items()
    }
    return Answer("\n".join(lines), told)


@command(app, "keep")
def keep(
    session: Session,
    skill: SkillArgument,
    target: Annotated[float, typer.Option(help="Share in time, such as 0.85.")],
    seconds: Annotated[float, typer.Option(help="Within so many seconds.")],
    reason: Annotated[str, typer.Option(help="Why; no names of residents.")],
) -> Answer:
    """Let another standard hold from the next requirement on."""
    from staffing.pipeline.keeping_standards import KeptStandard, keep_standard

    kept = KeptStandard(skill, target, seconds, reason)
    seen = _standing(session, skill)
    number = keep_standard(session.workspace, kept, seen=seen, now=session.now)
    text = f"Standard {number} holds for {skill}: {target:.0%} in {seconds:g} s. "
    return Answer(f"{text}Next: piekwijzer requirement.", {"id": number})


@command(app, "drop")
def drop(session: Session, skill: SkillArgument) -> Answer:
    """Go back to the standard of the settings.

    Raises:
        InputError: none is kept for that skill.
    """
    from forecasting.errors import InputError
    from staffing.pipeline.keeping_standards import drop_standard

    seen = _standing(session, skill)
    if seen is None:
        raise InputError(
            f"expected a skill with a kept standard, came '{skill:.64}'",
            remedy="See: piekwijzer standards list.",
        )
    drop_standard(session.workspace, skill, seen=seen, now=session.now)
    text = f"The standard of the settings holds for {skill} again."
    return Answer(f"{text} Next: piekwijzer requirement.", {"id": seen})


def _standing(session: Session, skill: str) -> int | None:
    """The number of the kept standard that stands for a skill now."""
    kept = session.workspace.ledger.kept_standards()
    return next((one.id for one in kept if one.skill == skill), None)
