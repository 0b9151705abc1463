"""How a command talks: global options, one clear line on errors, JSON for programs."""

import errno
import functools
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.errors import InputError, PiekwijzerError

if TYPE_CHECKING:
    from forecasting.runs import Figures
    from forecasting.workspace import Workspace

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", envvar="PIEKWIJZER_HOME", help="Folder with lake and database."
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", envvar="PIEKWIJZER_CONFIG", help="Folder with the policy files."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
GLOBAL_OPTIONS = {"home": HomeOption, "config": ConfigOption, "as_json": JsonOption}

REMEDIES = {
    errno.EACCES: " May this account read and write there?",
    errno.EPERM: " May this account read and write there?",
    errno.EROFS: " That disk is read-only: give another folder with --home.",
    errno.ENOSPC: " Make room on that disk and run again.",
    errno.EEXIST: " Give another name, or take away what is there.",
}
"""What to do about what the system says."""


@dataclass(frozen=True)
class Answer:
    """What a command has to say: a text for people and figures for programs."""

    text: str
    figures: "Figures"


@dataclass(frozen=True)
class Session:
    """One call of the command line: its workspace, its clock, its way to show progress."""

    workspace: "Workspace"
    now: datetime
    quiet: bool

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[[int, int], None]]:
        """A bar on a terminal, lines for who watches; the yielded call takes done and total."""
        from rich.console import Console
        from rich.progress import Progress

        from forecasting.progress import told

        tell = told(label)

        hidden = self.quiet or not sys.stderr.isatty()
        bar = Progress(console=Console(stderr=True), disable=hidden, transient=True)
        with bar:
            task = bar.add_task(label, total=None)

            def update(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)
                tell(done, total)

            yield update


def command(
    app: typer.Typer, name: str
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Register a function of a `Session` as a command that also takes the global options."""

    def register(function: Callable[..., Answer]) -> Callable[..., Answer]:
        @functools.wraps(function)
        def run(
            *, home: Path | None, config: Path | None, as_json: bool, **given: object
        ) -> None:
            with one_clear_line():
                session = _open(home, config, quiet=as_json)
                answer = function(session, **given)
            typer.echo(_as_json(answer) if as_json else _harmless(answer.text))

        run.__signature__ = _with_global_options(function)  # type: ignore[attr-defined]
        run.__annotations__ = {**function.__annotations__, **GLOBAL_OPTIONS}
        app.command(name)(run)
        return function

    return register


@contextmanager
def one_clear_line() -> Iterator[None]:
    """Turn an error a user can cause into one line on stderr and exit status 2."""
    try:
        yield
    except InputError as error:
        _fail(*str(error).split("\n"))  # one line for each of several things wrong
    except PiekwijzerError as error:
        _fail(str(error))
    except OSError as error:
        remedy = REMEDIES.get(error.errno or 0, "")
        _fail(f"{error.filename or 'The system'}: {error.strerror or error}.{remedy}")


def _harmless(text: str) -> str:
    """A name that came from outside may not steer the terminal."""
    return "".join(
        sign if sign.isprintable() or sign in "\n\t" else " " for sign in text
    )


def _fail(*lines: str) -> None:
    """Say each in one line; what came from a file may not steer the terminal."""
    for line in lines:
        plain = "".join(sign if sign.isprintable() else " " for sign in line)
        typer.echo(f"piekwijzer: {' '.join(plain.split())}", err=True)
    raise typer.Exit(2)


def _open(home: Path | None, config: Path | None, *, quiet: bool) -> Session:
    from forecasting.settings import read_settings
    from forecasting.workspace import Workspace

    given = {"home": home, "config": config}
    settings = read_settings({k: v for k, v in given.items() if v is not None})
    now = datetime.now(UTC)  # noqa: TID251  (the command line reads the clock)
    return Session(Workspace.open(settings), now, quiet)


def _with_global_options(function: Callable[..., Answer]) -> inspect.Signature:
    own = list(inspect.signature(function).parameters.values())[1:]
    defaults: dict[str, object] = {"home": None, "config": None, "as_json": False}
    shared = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=defaults[name],
            annotation=annotation,
        )
        for name, annotation in GLOBAL_OPTIONS.items()
    ]
    own = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    return inspect.Signature([*own, *shared])


def _as_json(answer: Answer) -> str:
    return json.dumps(answer.figures, indent=2, ensure_ascii=False, default=str)
