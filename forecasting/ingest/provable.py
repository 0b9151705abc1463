"""Which checks a row can break at all, told from its mapping before any row is read."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence

import polars as pl

from forecasting.ingest.checking import Check
from forecasting.ingest.mapping import SourceMapping, Value
from forecasting.ingest.parsing import DTYPES
from forecasting.targets import FieldType, Target

MOST_COMBINATIONS = 10_000

TRANSLATED: dict[FieldType, Callable[[Value], Value]] = {
    "text": str,
    "number": float,
    "whole": int,
}
"""Types of fields that a mapping may translate to a few values, and how those are read."""


def can_break(
    checks: tuple[Check, ...], mapping: SourceMapping, target: Target
) -> dict[int, Check]:
    """The checks, by place, that the values a mapping can give may break.

    Constants and translated values are few: a rule that holds for every combination of
    them is not asked of every row.
    """
    known = _few_values(mapping, target)
    types = {field.name: DTYPES[field.type] for field in target.fields}
    return {
        place: check
        for place, check in enumerate(checks)
        if not _always_holds(check.broken, known, types)
    }


def _few_values(
    mapping: SourceMapping, target: Target
) -> dict[str, list[Value | None]]:
    """The values of the fields that are constant or translated."""
    few: dict[str, list[Value | None]] = {}
    for field in target.fields:
        given = mapping.fields.get(field.name)
        if given is None:
            few[field.name] = [mapping.constants.get(field.name, field.default)]
        elif given.values and field.type in TRANSLATED:
            read = TRANSLATED[field.type]
            few[field.name] = [*{read(value) for value in given.meanings}, None]
    return few


def _always_holds(
    broken: pl.Expr,
    known: Mapping[str, Sequence[Value | None]],
    types: Mapping[str, pl.DataType],
) -> bool:
    names = list(dict.fromkeys(broken.meta.root_names()))
    if any(name not in known for name in names):
        return False
    if math.prod(len(known[name]) for name in names) > MOST_COMBINATIONS:
        return False
    combinations = zip(*itertools.product(*(known[n] for n in names)), strict=True)
    columns = dict(zip(names, map(list, combinations), strict=True))
    schema = {name: types[name] for name in names}
    frame = pl.DataFrame(columns, schema) if columns else pl.DataFrame({"": [0]})
    return not frame.select(broken.any()).item()
