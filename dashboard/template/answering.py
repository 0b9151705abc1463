"""What became of a workbook that was read back, sheet by sheet."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from dashboard.intake import TARGETS
from dashboard.previewing import preview_text
from forecasting.console import Answer
from forecasting.ingest.bundles import (
    BundleResult,
    import_bundle,
    look_through,
    of_sheet,
)
from forecasting.ingest.outcome import ImportResult
from forecasting.ingest.preview import preview_file
from forecasting.settings import Settings
from forecasting.workspace import Workspace


def import_workbook(
    workspace: Workspace, file: Path, source: str, *, now: datetime, max_rejects: float
) -> Answer:
    """Import a workbook of several tables and say what became of each sheet."""
    result = import_bundle(
        workspace, file, source, targets=TARGETS, now=now, max_rejects=max_rejects
    )
    return Answer("\n".join(_lines(file, result)), _figures(source, result))


def check_workbook(settings: Settings, file: Path, source: str) -> Answer:
    """Show the first rows of each filled sheet as they would be read."""
    found = look_through(settings.config, file, source, TARGETS)
    shown = {}
    for sheet in found.filled:
        with of_sheet(file, sheet.name):
            shown[sheet.name] = preview_file(
                settings, file, sheet.sheet.source, TARGETS, mapping=sheet.mapping
            )
    lines = [f"{name}:\n{preview_text(sheet)}" for name, sheet in shown.items()]
    lines += _unread(found.unknown)
    figures = {name: sheet.rows.to_dicts() for name, sheet in shown.items()}
    return Answer("\n".join(lines), {"sheets": figures})


def _unread(unknown: Sequence[str]) -> list[str]:
    if not unknown:
        return []
    names = ", ".join(unknown)
    return [f"Warning: not read, as the template knows no such sheet: {names}."]


def _lines(file: Path, result: BundleResult) -> list[str]:
    if result.already:
        lines = [f"{file.name} was imported before; nothing changed."]
    else:
        lines = [f"{file.name}:"]
        lines += [f"  {name}: {_of_sheet(one)}" for name, one in result.sheets.items()]
    if result.empty and not result.already:
        lines.append(f"  left as they were (no rows): {', '.join(result.empty)}")
    return lines + _unread(result.unknown)


def _of_sheet(result: ImportResult) -> str:
    if result.already:
        return "imported before; nothing changed"
    text = f"{result.rows_imported:,} rows imported"
    if result.rows_rejected:
        reasons = "; ".join(f"{n:,} x {reason}" for reason, n in result.reasons.items())
        text += f", {result.rows_rejected:,} rejected ({reasons})"
    return text


def _figures(source: str, result: BundleResult) -> dict[str, object]:
    found = result.sheets.values()
    return {
        "source": source,
        "rows_read": sum(one.rows_read for one in found),
        "rows_imported": sum(one.rows_imported for one in found),
        "rows_rejected": sum(one.rows_rejected for one in found),
        "already": result.already,
        "sheets": {
            name: {
                "source": one.source,
                "rows_imported": one.rows_imported,
                "rows_rejected": one.rows_rejected,
                "reasons": dict(one.reasons),
                "already": one.already,
            }
            for name, one in result.sheets.items()
        },
        "empty": list(result.empty),
        "unknown": list(result.unknown),
    }
