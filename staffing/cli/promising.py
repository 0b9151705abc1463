"""How promises to residents were kept, week by week."""

from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.console import Answer, Session, command

if TYPE_CHECKING:
    from forecasting.runs import Figures

app = typer.Typer()

SAID = {
    "kept": "as promised",
    "missed": "NOT as promised",
    "unclear": "not to be told apart",
    "few": "too few contacts to tell",
    "unjudged": "not judged",
}
NAMES = {
    "answered": "calls answered in time",
    "callback": "called back in time",
    "counter": "helped in time at the counter",
    "first_free": "first free appointment near enough",
    "no_show": "visits that nobody came for",
}
WANTED = {
    "answered": "calls per quarter-hour with those answered in time (telephony)",
    "callback": "callback tasks with the time they were done (open_klant_tasks)",
    "counter": "queue tickets with their wait (qmatic)",
    "first_free": "bookings with the time they were made (jcc)",
    "no_show": "bookings that say who did not come (jcc)",
}


@command(app, "promises")
def promises(
    session: Session,
    weeks: Annotated[int, typer.Option(min=1, max=260, help="Whole weeks told.")] = 52,
) -> Answer:
    """Reckon how promises to residents were kept: phone, callbacks, counter, agenda."""
    from staffing.pipeline.promising import run_promises
    from staffing.promises.newest import as_rows, newest_weeks

    workspace = session.workspace
    run = run_promises(workspace, now=session.now, weeks=weeks)
    told = workspace.table(run, "promise_weeks").collect()
    ahead = workspace.table(run, "promise_expected").collect()
    figures = {
        "run": run.id,
        **run.figures,
        "promise_weeks": as_rows(told),
        "promise_expected": as_rows(ahead),
    }
    return Answer(_in_words(as_rows(newest_weeks(told)), run.figures), figures)


def _in_words(rows: list[dict[str, object]], figures: "Figures") -> str:
    told = figures["missing"]
    missing = [
        f"{NAMES[name]}: no import tells. Import {WANTED[name]}."
        for name in (told if isinstance(told, list) else [])
    ]
    return "\n".join([*map(_line, rows), *missing])


def _line(row: dict[str, object]) -> str:
    head = f"{row['week']} {row['location']}: {NAMES[str(row['promise'])]}"
    verdict = SAID[str(row["verdict"])]
    if row["share"] is None:
        return f"{head}: {verdict}"
    between = ""
    if row["low"] is not None:
        between = f" ({row['low']:.1%} to {row['high']:.1%})"
    most = "at most " if row["promise"] == "no_show" else ""
    aim = f"promised {most}{row['target']:.0%}"
    return f"{head} {row['share']:.1%}{between}, {aim}: {verdict}"
