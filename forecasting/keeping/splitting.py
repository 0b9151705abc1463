"""Part what is forgotten from what stays, part by part, without touching what counts now."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from forecasting.lake import Lake, put_in_place
from forecasting.records import ImportRecord, PartRecord
from forecasting.targets import midnight
from forecasting.workspace import Workspace

Rules = Mapping[str, Sequence[pl.Expr]]
"""Per dataset, which rows are forgotten: those of which any expression holds."""

COUNTED = "contacts"
"""The dataset beside whose parts stand their counts."""


@dataclass
class Plan:
    """What is to change: parts that go and come, who keeps counts, and rows that go."""

    drop: list[PartRecord] = field(default_factory=list)
    parts: list[PartRecord] = field(default_factory=list)
    keepers: dict[str, ImportRecord] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Splitter:
    """The rules, and the state of the ledger they are worked out against."""

    lake: Lake
    desk: Path
    rules: Rules
    counts: Mapping[str, pl.Expr]
    imports: Mapping[str, ImportRecord]
    beside: Mapping[tuple[str, str, str], list[PartRecord]]
    plan: Plan


def plan_parts(
    workspace: Workspace, rules: Rules, before: date, zone: str, desk: Path
) -> Plan:
    """Lay out the parts that stay of those that hold forgotten rows.

    The counts of forgotten rows become parts of their own, that belong to an import of
    no file: an import that comes again replaces only what it brought.
    """
    stock = workspace.ledger.parts()
    counts = {
        "slots": pl.col("start") < midnight(before, zone),
        "bookings": pl.col("visit") < before,
    }
    beside: dict[tuple[str, str, str], list[PartRecord]] = {}
    for part in stock:
        if part.dataset in counts:
            beside.setdefault(_place(part), []).append(part)
    imports = {record.id: record for record in workspace.ledger.imports()}
    splitter = Splitter(workspace.lake, desk, rules, counts, imports, beside, Plan())
    for part in stock:
        if part.dataset == "rejects":
            _forget_rejects(splitter, part, before, zone)
        elif part.dataset in rules:
            _split(splitter, part)
    return splitter.plan


def _place(part: PartRecord) -> tuple[str, str, str]:
    return part.source, part.month, part.file


def _forget_rejects(of: Splitter, part: PartRecord, before: date, zone: str) -> None:
    came = of.imports[part.import_id].at.astimezone(ZoneInfo(zone)).date()
    if came < before and part.rows:
        of.plan.drop.append(part)
        of.plan.rows["rejects"] = of.plan.rows.get("rejects", 0) + part.rows


def _split(of: Splitter, part: PartRecord) -> None:
    rows = of.lake.scan_parts([part])
    gone = _gone(rows, of.rules[part.dataset])
    if rows is None or gone is None:
        return
    total, going = rows.select(pl.len(), gone.sum()).collect().row(0)
    if not going:
        return
    name = f"{part.import_id}.{uuid.uuid4().hex[:8]}"
    of.plan.rows[part.dataset] = of.plan.rows.get(part.dataset, 0) + going
    of.plan.drop.append(part)
    stays = total - going
    if stays:
        _lay(of, rows.filter(~gone), part, name, stays)
    if part.dataset != COUNTED:
        return
    for counts in of.beside.get(_place(part), []):
        _split_counts(of, counts, name if stays else None, stays)


def _split_counts(
    of: Splitter, counts: PartRecord, name: str | None, stays: int
) -> None:
    rows = of.lake.scan_parts([counts])
    if rows is None:
        return
    early = of.counts[counts.dataset]
    of.plan.drop.append(counts)
    if name is not None:
        _lay(of, rows.filter(~early), counts, name, stays)
    if not rows.select(early.any()).collect().item():
        return
    keeper = _keeper(of, counts)
    kept = f"{keeper.id}.{uuid.uuid4().hex[:8]}"
    _lay(of, rows.filter(early), counts, kept, counts.rows - stays, keeper.id)


def _keeper(of: Splitter, part: PartRecord) -> ImportRecord:
    """The import of no file that counts of forgotten rows of a source belong to."""
    key = f"kept.{part.source}"
    came = of.imports[part.import_id]
    known = of.plan.keepers.get(key) or of.imports.get(key)
    of.plan.keepers[key] = ImportRecord(
        id=key,
        source=part.source,
        kind=came.kind,
        file="-",
        sha256=hashlib.sha256(key.encode()).hexdigest(),
        rows_imported=0,
        rows_rejected=0,
        rows_left_out=0,
        arrival=0,
        at=max(came.at, known.at) if known else came.at,
    )
    return of.plan.keepers[key]


def _lay(
    of: Splitter,
    rows: pl.LazyFrame,
    like: PartRecord,
    name: str,
    number: int,
    owner: str | None = None,
) -> None:
    """Put rows in place as a part like another one, under a name nothing else has."""
    part = PartRecord(
        dataset=like.dataset,
        source=like.source,
        month=like.month,
        file=name,
        import_id=owner or like.import_id,
        rows=number,
    )
    draft = of.desk / "part.parquet"
    rows.sink_parquet(draft, compression="zstd", compression_level=1)
    put_in_place(draft, of.lake.part_path(part))
    of.plan.parts.append(part)


def _gone(rows: pl.LazyFrame | None, rules: Iterable[pl.Expr]) -> pl.Expr | None:
    """Which rows go; a rule on a column that is not there says nothing."""
    columns = set() if rows is None else set(rows.collect_schema().names())
    hold = [rule for rule in rules if set(rule.meta.root_names()) <= columns]
    masks = [rule.fill_null(value=False) for rule in hold]
    return pl.any_horizontal(masks).alias("gone") if masks else None
