"""A proposed mapping as TOML: what is sure, and what is for someone to choose."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from forecasting.ingest.mapping import Csv, Value

CHOOSE = "  # choose"
CONTROL = r"[\x00-\x1f\x7f]"
Setting = Value | bool | tuple[str, ...]


@dataclass(frozen=True)
class Guess:
    """A value that a text of the file is given, and whether that is sure."""

    value: Value
    sure: bool = True


@dataclass(frozen=True)
class ProposedField:
    """The settings of one field; `choose` says what about them is a guess."""

    settings: Mapping[str, Setting]
    values: Mapping[str, Guess] = field(default_factory=dict)
    choose: str | None = None


@dataclass(frozen=True)
class Proposal:
    """A mapping as far as a file alone can tell."""

    kind: str
    label: str
    fields: Mapping[str, ProposedField]
    zone: str | None = None
    identity: tuple[str, ...] = ()
    constants: Mapping[str, Guess] = field(default_factory=dict)
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unpivot: tuple[str, ...] = ()
    harmless: Mapping[str, str] = field(default_factory=dict)


def as_toml(proposal: Proposal, csv: Csv | None, notes: Iterable[str]) -> str:
    """The text of a mapping; `csv` only when the file is one."""
    lines = [f"# {re.sub(CONTROL, '?', note)}" for note in notes]
    lines += [f"kind = {_toml(proposal.kind)}", f"label = {_toml(proposal.label)}"]
    lines += [f"zone = {_toml(proposal.zone)}"] if proposal.zone else []
    lines += [f"identity = {_toml(proposal.identity)}"] if proposal.identity else []
    lines += [
        f"drop = [{{ {_key(column)} = {_toml(texts)} }}]{CHOOSE}"
        for column, texts in proposal.drop.items()
    ]
    lines += (
        [f"unpivot = {{ on = {_toml(proposal.unpivot)} }}"] if proposal.unpivot else []
    )
    lines += _table(
        "harmless", {k: Guess(v, False) for k, v in proposal.harmless.items()}
    )
    lines += _table("constants", proposal.constants)
    if csv is not None:
        lines += _table("csv", {k: Guess(v) for k, v in csv.model_dump().items()})
    for name, given in proposal.fields.items():
        lines += _field(name, given)
    return "\n".join(lines) + "\n"


def _field(name: str, given: ProposedField) -> list[str]:
    head = f"[fields.{name}]" + (f"{CHOOSE}: {given.choose}" if given.choose else "")
    lines = ["", head, *(f"{k} = {_toml(v)}" for k, v in given.settings.items())]
    return lines + _table(f"fields.{name}.values", given.values)


def _table(name: str, guesses: Mapping[str, Guess]) -> list[str]:
    if not guesses:
        return []
    rows = [
        f"{_key(key)} = {_toml(guess.value)}{'' if guess.sure else CHOOSE}"
        for key, guess in guesses.items()
    ]
    return ["", f"[{name}]", *rows]


def _key(name: str) -> str:
    """A name as TOML writes it: bare where it may be."""
    return name if re.fullmatch(r"[a-z0-9_-]+", name) else _toml(name)


def _toml(value: Setting) -> str:
    """A value as TOML writes it: what JSON writes, with the sign DEL escaped."""
    plain = list(value) if isinstance(value, tuple) else value
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007F")
