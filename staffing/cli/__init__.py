"""Commands of this room: requirement to roster, publication, agenda, what-if, promises, reminders, export."""

import typer

from staffing.cli import (
    asking,
    exporting,
    keeping,
    planning,
    promising,
    proving,
    publishing,
    reminding,
    replanning,
)

app = typer.Typer(no_args_is_help=True, add_completion=False)
for group in (planning, publishing, replanning, proving, promising, asking):
    app.add_typer(group.app)
app.add_typer(reminding.app, name="reminders")
app.add_typer(exporting.app, name="export")
app.add_typer(keeping.app, name="standards")
