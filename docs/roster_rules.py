"""Writes docs/roster-rules.md: every rule of the roster, from the code that checks it.

Run with `make docs`; a test fails when the page is behind the code.
"""

import inspect
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from staffing.roster.checking import ASKING, READING
from staffing.roster.rules.rule import Rule
from staffing.roster.verifying import RULES

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "roster-rules.md"
LABOUR = ROOT / "config" / "labour.toml"

HEAD = """\
# Rules of the roster

A roster is stored and published only when the verifier finds no hard rule broken. It
knows no solver: it recomputes every rule, the objective and the gap from the shifts
alone (`staffing/roster/verifying.py`). A soft rule may be bent, at the price that stands
in `config/roster.toml`. Wishes and fairness are no rules: they have a price only.
This page is written from the code by `make docs`.
"""

LAW = """\
## Values of law and agreement

They stand in `config/labour.toml`, each with its source. Notice is judged when a roster
is published, not here.

| setting | value | source |
|---|---|---|
"""

BEFORE = """\
## Contradictions named before solving

An instance that contradicts itself is refused before anything is solved, each
contradiction in a line of its own (`staffing/roster/checking.py`).

| what is asked | refused |
|---|---|
"""


def first_sentence(documented: object) -> str:
    """The first paragraph of a docstring, on one line."""
    paragraph = (inspect.getdoc(documented) or "").split("\n\n")[0]
    return " ".join(paragraph.split())


def rules_of(rules: tuple[Rule, ...]) -> Iterator[str]:
    """A row for each rule."""
    yield "| rule | label | label (Dutch) | holds | source |"
    yield "|---|---|---|---|---|"
    for rule in rules:
        holds = first_sentence(rule.check)
        labels = f"{rule.label_en} | {rule.label_nl}"
        yield f"| `{rule.name}` | {labels} | {holds} | {rule.source} |"


def law() -> Iterator[str]:
    """A row for each value of the labour rules."""
    told = tomllib.loads(LABOUR.read_text("utf-8"))
    for name, source in told["source"].items():
        yield f"| `{name}` | {_shown(told[name])} | {source} |"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(
            ", ".join(f"{key} {number}" for key, number in row.items()) for row in value
        )
    return str(value)


def page() -> str:
    """The whole page."""
    hard = tuple(rule for rule in RULES if rule.hard)
    soft = tuple(rule for rule in RULES if not rule.hard)
    asked = (
        f"| `{ask.__name__}` | {first_sentence(ask)} |" for ask in (*READING, *ASKING)
    )
    lines = ["\n## Hard rules\n", *rules_of(hard)]
    lines += ["\n## Soft rules\n", *rules_of(soft)]
    lines += ["", LAW + "\n".join(law()), "", BEFORE + "\n".join(asked)]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE}\n")
