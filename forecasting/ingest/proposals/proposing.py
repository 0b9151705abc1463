"""Write a draft mapping from what a file shows by itself, for someone to look through."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from forecasting.catalogue import Catalogue
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.proposals.contact_proposing import (
    propose_contacts,
    time_settings,
)
from forecasting.ingest.proposals.guessing import guess_service, plain_name
from forecasting.ingest.proposals.proposal import (
    Guess,
    Proposal,
    ProposedField,
    Setting,
    as_toml,
)
from forecasting.ingest.proposals.sniffing import Column, Sniffed, sniff
from forecasting.ingest.proposals.vocabulary import find
from forecasting.registry_tables import SUPPRESSION_REASONS
from forecasting.targets import Field, Target

COVERED = 0.6
"""A file is of a kind when the kind's fields explain this share of its columns."""

CODES: dict[str, dict[str, str]] = {
    "basis": {
        "outstanding": r"uitst|open|outst",
        "issued": r"afge|uitge|verstr|issued",
    },
    "arm": {"held out": r"held|controle|control|niet|geen|zonder", "mailed": r""},
    "reason": {
        "applied": r"aangevraagd|applied",
        "appointment": r"afspraak|appointment",
        "objected": r"bezwaar|object",
        "mailed": r"aangeschreven|mailed",
        "elsewhere": r"rdw|elsewhere|elders",
        "blocked": r"",
    },
}
"""Patterns for codes that a field knows, the first that fits."""

DAYS = {"ma": "mon", "di": "tue", "wo": "wed", "do": "thu", "vr": "fri"}
WEEKEND = {"za": "sat", "zo": "sun"}


def propose_mapping(
    file: Path, targets: Mapping[str, Target], catalogue: Catalogue
) -> str:
    """The TOML text of a mapping for a file, by its columns alone.

    What is a guess ends in `# choose`; columns that look personal are named in a comment
    and not read. The text is a valid `SourceMapping`.

    Raises:
        InputError: the file cannot be read, or holds no dates or times.
    """
    found = sniff(file)
    kind = _kind_of(found, targets)
    if kind is None:
        proposal = propose_contacts(found, catalogue)
    else:
        proposal = _propose(found, targets[kind], catalogue)
    text = as_toml(proposal, found.csv, _notes(found, proposal))
    SourceMapping.model_validate(tomllib.loads(text))
    return text


def _kind_of(found: Sniffed, targets: Mapping[str, Target]) -> str | None:
    """The kind other than contacts whose fields explain the most columns, if any."""
    scores = {}
    for kind, target in targets.items():
        matched = _matched(found, target)
        needed = {f.name for f in target.fields if f.required and f.default is None}
        covers = len(matched) >= COVERED * len(found.columns)
        if kind != "contacts" and needed <= set(matched) and covers:
            scores[kind] = len(matched)
    return max(scores, key=lambda kind: scores[kind]) if scores else None


def _matched(found: Sniffed, target: Target) -> dict[str, Column]:
    matched: dict[str, Column] = {}
    for field in target.fields:
        taken = {column.name for column in matched.values()}
        free = found.columns if field.name == "label" else found.readable
        left = [column for column in free if column.name not in taken]
        column = find(field.name, left, lambda c, f=field: _fits(c, f))  # type: ignore[misc]  # f is bound now
        if column is not None:
            matched[field.name] = column
    return matched


def _fits(column: Column, field: Field) -> bool:
    if field.type in ("moment", "day"):
        return column.timing is not None
    return column.is_number if field.type in ("number", "whole") else True


def _propose(found: Sniffed, target: Target, catalogue: Catalogue) -> Proposal:
    matched = _matched(found, target)
    types = {field.name: field for field in target.fields}
    personal = [column.name for column in matched.values() if column.personal]
    return Proposal(
        kind=target.kind,
        label=label_of(found.file),
        fields={
            name: _field(types[name], column, catalogue)
            for name, column in matched.items()
        },
        harmless=dict.fromkeys(personal, "display label of staff, chosen by the town"),
    )


def _field(field: Field, column: Column, catalogue: Catalogue) -> ProposedField:
    if field.type in ("moment", "day"):
        return time_settings(column)
    settings: dict[str, Setting] = {"column": column.name}
    if field.type == "words":
        every = "".join(column.distinct)
        settings["separator"] = next((s for s in ";," if s in every), " ")
        is_days = re.search(r"\b(ma|di|wo|vr)\b", every.lower()) is not None
        known = {**DAYS, **WEEKEND} if is_days and field.name == "working_days" else {}
        return ProposedField(
            settings, {text: Guess(day) for text, day in known.items()}
        )
    if field.type != "text":
        return ProposedField(settings)
    return ProposedField(settings, _values(field, column, catalogue))


def _values(field: Field, column: Column, catalogue: Catalogue) -> dict[str, Guess]:
    """What the texts of a coded field mean; none when they are the codes already."""
    texts = column.distinct
    if field.name == "service":
        guesses = {text: guess_service(text, catalogue) for text in texts}
        first = catalogue.service[0].id
        return {t: Guess(g or first, sure=g is not None) for t, g in guesses.items()}
    if field.name == "location":
        plain = {text: Guess(plain_name(text)) for text in texts}
        return {} if all(g.value == text for text, g in plain.items()) else plain
    codes = CODES.get(field.name, {})
    if not codes or set(texts) <= {*codes, *SUPPRESSION_REASONS}:
        return {}
    return {text: _code(text, codes) for text in texts}


def _code(text: str, codes: Mapping[str, str]) -> Guess:
    fitting = (code for code, words in codes.items() if re.search(words, text.lower()))
    code = next(fitting)
    return Guess(code, sure=bool(codes[code]))


def _notes(found: Sniffed, proposal: Proposal) -> list[str]:
    """What a reader of the draft should know first."""
    notes = [f"Draft from {found.file.name}: look it through, above all # choose."]
    read = {str(v) for f in proposal.fields.values() for v in _columns_of(f)}
    personal = [c for c in found.columns if c.personal and c.name not in read]
    notes += [
        f"{column.name!r} looks personal and must not be read: {column.personal}"
        for column in personal
    ]
    used = {*read, *proposal.identity, *proposal.drop, *proposal.unpivot}
    rest = [c.name for c in found.columns if c.name not in used and not c.personal]
    notes += [f"Not read: {', '.join(rest)}."] if rest else []
    return [" ".join(note.split()) for note in notes]


def _columns_of(given: ProposedField) -> list[Setting]:
    several = given.settings.get("columns", ())
    named = [given.settings.get(key, "") for key in ("column", "since", "per")]
    return [*named, *several] if isinstance(several, tuple) else named


def label_of(file: Path) -> str:
    """A label for the source of a file: its name in words."""
    return re.sub(r"[\W_]+", " ", file.stem).strip().capitalize() or "Source"
