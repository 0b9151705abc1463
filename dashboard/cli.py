"""The root command line: `piekwijzer`."""

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

import forecasting.cli
import staffing.cli
from dashboard import store_cli
from dashboard.import_answers import answer_of_import, answer_of_proposal, share_of
from forecasting.console import Answer, Session, command
from forecasting.errors import InputError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Forecast demand, staff counters and phones, plan reminders: civil affairs.",
)
app.add_typer(forecasting.cli.app)
app.add_typer(staffing.cli.app)
app.add_typer(store_cli.app)

SourceOption = Annotated[str, typer.Option(help="Name of a mapping in config/sources.")]
FileArgument = Annotated[Path, typer.Argument(help="The export to read.")]
GLOBAL_WORDS = {"--home": True, "--config": True, "--json": False}
"""Global options and whether a value follows."""


class Tongue(StrEnum):
    """The languages of what is handed out."""

    nl = "nl"
    en = "en"


class Town(StrEnum):
    """The reference towns."""

    town = "town"
    village = "village"


@command(app, "demo")
def demo(
    session: Session,
    town: Annotated[
        Town, typer.Option(help="240,000 inhabitants, or 20,000 and a spreadsheet.")
    ] = Town.town,
    seed: Annotated[
        int, typer.Option(min=0, max=2**31 - 1, help="Seed of the invented town.")
    ] = 0,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Last day of its history; default: that of config/reference.toml.",
        ),
    ] = None,
) -> Answer:
    """Run the whole chain on a synthetic reference town."""
    from dashboard.demo import run_demo
    from dashboard.status import read_status, status_text

    run_demo(
        session.workspace,
        town=town.value,
        until=None if until is None else until.date(),
        now=session.now,
        seed=seed,
        tell=lambda line: None if session.quiet else typer.echo(line),
    )
    figures = read_status(session.workspace)
    home = session.workspace.settings.home
    text = (
        f"\n{status_text(figures)}\n\nRoster: {home / 'exports'}\n"
        f"Open the dashboard: {sys.argv[0]} dashboard --home {home}"
    )
    return Answer(text, figures)


@command(app, "import")
def import_export(
    session: Session,
    file: FileArgument,
    source: SourceOption,
    max_rejects: Annotated[
        str, typer.Option(help="Share of rows that may be rejected.")
    ] = "2%",
    instead: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="The file is the whole truth for its days and places: "
            "earlier rows of the source that it lacks make way.",
        ),
    ] = False,
) -> Answer:
    """Read an export, check every row, keep what is good and say what is not."""
    from dashboard.intake import TARGETS
    from forecasting.ingest import import_file
    from forecasting.ingest.bundle_policy import is_bundle

    workspace, share = session.workspace, share_of(max_rejects)
    if is_bundle(workspace.settings.config, source):
        return _import_workbook(session, file, source, share, instead=instead)
    result = import_file(
        workspace,
        file,
        source,
        targets=TARGETS,
        now=session.now,
        max_rejects=share,
        instead=instead,
    )
    return answer_of_import(result, " ".join(file.name.split()))


def _import_workbook(
    session: Session, file: Path, source: str, share: float, *, instead: bool
) -> Answer:
    from dashboard.template.answering import import_workbook

    if instead:
        raise InputError(
            "--replace: expected an export, came a workbook of several tables",
            remedy="Its sheets take the place of earlier ones anyway: leave it out.",
        )
    return import_workbook(
        session.workspace, file, source, now=session.now, max_rejects=share
    )


@command(app, "template")
def template(
    session: Session,
    out: Annotated[Path, typer.Option(help="The workbook to write.")] = Path(
        "piekwijzer.xlsx"
    ),
    lang: Annotated[Tongue, typer.Option(help="Its language.")] = Tongue.nl,
    filled: Annotated[
        bool, typer.Option("--filled", help="With what is known now, to be edited.")
    ] = False,
) -> Answer:
    """Write a workbook for staff, leave, opening hours, desks and published rosters."""
    from dashboard.template.making import make_template

    file = make_template(session.workspace, out, language=lang.value, filled=filled)
    return Answer(
        f"Wrote {file}. Fill it in, then: piekwijzer import {file} --source template.",
        {"file": str(file)},
    )


@command(app, "check")
def check(
    session: Session,
    file: FileArgument,
    source: Annotated[
        str | None, typer.Option(help="Name of a mapping in config/sources.")
    ] = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Write a draft mapping for this file.")
    ] = False,
) -> Answer:
    """Show the first rows of an export as they would be read; stores nothing."""
    from dashboard.intake import TARGETS
    from dashboard.previewing import preview_text
    from forecasting.ingest.bundle_policy import is_bundle
    from forecasting.ingest.preview import preview_file

    if propose:
        return answer_of_proposal(session, file, source)
    if source is None:
        raise InputError(
            "--source: expected the name of a mapping, found none",
            remedy="Give one, or --propose for a draft of a new one.",
        )
    if is_bundle(session.workspace.settings.config, source):
        from dashboard.template.answering import check_workbook

        return check_workbook(session.workspace.settings, file, source)
    found = preview_file(session.workspace.settings, file, source, TARGETS)
    figures = {
        "rows": found.rows.to_dicts(),
        "rows_read": found.read,
        "problems": dict(found.problems),
    }
    return Answer(preview_text(found), figures)


@command(app, "strip")
def strip(
    session: Session,
    file: FileArgument,
    source: SourceOption,
    out: Annotated[Path, typer.Option(help="The copy to write.")],
) -> Answer:
    """Copy an export with only the mapped columns, leaving personal data behind."""
    from forecasting.ingest import strip_file

    copy = strip_file(session.workspace.settings, file, source, out)
    return Answer(f"Wrote {copy}.", {"file": str(copy)})


@command(app, "dashboard")
def dashboard(
    session: Session,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to bind.")] = "127.0.0.1",
) -> Answer:
    """Open the web pages: to this machine or, with logins, to others; Ctrl-C stops."""
    from dashboard.access import serve

    serve(session.workspace.settings, address=address, port=port)


def main() -> None:
    """Entry point: a wrong option, too, is one clear line and exit status 2."""
    try:
        sys.exit(app(_global_options_last(sys.argv[1:]), standalone_mode=False))
    except TyperException as error:
        said = error.format_message().replace("Value error, ", "").rstrip(".")
        typer.echo(f"piekwijzer: {said}. See --help.", err=True)
        sys.exit(2)
    except typer.Abort:
        typer.echo("piekwijzer: stopped.", err=True)
        sys.exit(130)


def _global_options_last(words: list[str]) -> list[str]:
    """Let `piekwijzer --home DIR status` mean `piekwijzer status --home DIR`."""
    first = 0
    while first < len(words) and words[first].split("=")[0] in GLOBAL_WORDS:
        takes_value = GLOBAL_WORDS[words[first].split("=")[0]]
        first += 2 if takes_value and "=" not in words[first] else 1
    return words[first:] + words[:first] if first < len(words) else words


if __name__ == "__main__":
    main()
