"""The first rows of a file in words: every column that holds anything, nothing cut off."""

from datetime import datetime

import polars as pl

from forecasting.ingest.preview import Preview


def preview_text(found: Preview) -> str:
    """The rows as aligned columns, and a line on what is wrong in all of the file."""
    return f"{_table(found.rows)}\n{_summary(found)}"


def _table(rows: pl.DataFrame) -> str:
    filled = [column for column in rows if column.null_count() < rows.height]
    columns = [[column.name, *map(_cell, column)] for column in filled]
    widths = [max(map(len, column)) for column in columns]
    lines = zip(*columns, strict=True)
    return "\n".join(
        "  ".join(
            cell.ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M %Z}"
    if isinstance(value, float):
        return f"{value:.10g}"
    return "".join(sign if sign.isprintable() else " " for sign in f"{value}")


def _summary(found: Preview) -> str:
    wrong = sum(found.problems.values())
    text = f"{found.read:,} rows in all"
    if not wrong:
        return f"{text}, none of them wrong."
    reasons = "; ".join(f"{n:,} x {problem}" for problem, n in found.problems.items())
    return f"{text}, {wrong:,} would be rejected ({reasons})."
