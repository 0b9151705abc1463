"""The tables of the database as JSON lines, the same from and into every engine."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Column, Date, Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from forecasting.audit import lifted
from forecasting.errors import StoreError
from forecasting.records import AuditHead, Base, PartRecord, UtcDateTime

ROWS_AT_ONCE = 500
OWN_NUMBERS = frozenset({PartRecord.__tablename__})
"""Tables whose rows get new numbers, so that none that was seen before comes back."""

Row = dict[str, object]


def tables() -> list[Table]:
    """All tables, those that others refer to first."""
    return list(Base.metadata.sorted_tables)


def dump(session: Session, folder: Path) -> None:
    """Write every table to `folder/TABLE.jsonl`, in the order of its key."""
    for table in tables():
        kept = [c for c in table.columns if _is_kept(table, c)]
        query = select(*kept).order_by(*table.primary_key.columns)
        rows = session.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
        with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as file:
            for row in rows.mappings():
                line = {name: _written(value) for name, value in row.items()}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


def load(session: Session, folder: Path) -> None:
    """Put dumped tables in the place of all that is in the database.

    Within the writer's turn: the one row of the head is changed, so its lock holds.
    """
    with lifted(session):
        for table in reversed(tables()):
            if table.name != AuditHead.__tablename__:
                session.execute(delete(table))
        for table in tables():
            for rows in _in_lots(read(folder, table)):
                _put(session, table, rows)
    _count_on(session)


def read(folder: Path, table: Table) -> Iterator[Row]:
    """The rows of a dumped table, with the types of its columns."""
    columns = {c.name: c for c in table.columns if _is_kept(table, c)}
    file = folder / f"{table.name}.jsonl"
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            yield _row(line, columns, f"{table.name}, row {number}")


def _row(line: str, columns: dict[str, "Column[object]"], where: str) -> Row:
    try:
        values = json.loads(line)
        return {name: _read(values[name], column) for name, column in columns.items()}
    except (ValueError, KeyError, TypeError):
        raise StoreError(
            f"The backup's table {where}: expected a row, came something else."
        ) from None


def _is_kept(table: Table, column: "Column[object]") -> bool:
    return not (table.name in OWN_NUMBERS and column.primary_key)


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _read(value: object, column: "Column[object]") -> object:
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(str(value))
    if isinstance(column.type, Date):
        return date.fromisoformat(str(value))
    return value


def _in_lots(rows: Iterator[Row]) -> Iterator[list[Row]]:
    lot: list[Row] = []
    for row in rows:
        lot.append(row)
        if len(lot) == ROWS_AT_ONCE:
            yield lot
            lot = []
    if lot:
        yield lot


def _put(session: Session, table: Table, rows: list[Row]) -> None:
    if table.name == AuditHead.__tablename__:
        session.execute(update(AuditHead).values(rows[0]))
        session.refresh(session.get_one(AuditHead, 1))
    else:
        session.execute(insert(table), rows)


def _count_on(session: Session) -> None:
    """Let PostgreSQL number new rows after those that brought a number along."""
    if session.connection().dialect.name != "postgresql":
        return
    for table in tables():
        number = table.autoincrement_column
        if number is None or table.name in OWN_NUMBERS:
            continue
        newest = session.scalar(select(func.max(number))) or 0
        sequence = func.pg_get_serial_sequence(table.name, number.name)
        session.execute(select(func.setval(sequence, newest + 1, False)))
