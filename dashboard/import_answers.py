"""What the commands that read exports answer."""

from pathlib import Path
from typing import TYPE_CHECKING

from forecasting.console import Answer, Session
from forecasting.errors import InputError

if TYPE_CHECKING:
    from forecasting.ingest import ImportResult


def answer_of_import(result: "ImportResult", name: str) -> Answer:
    """What an import of one export says and tells programs."""
    text = f"{name}: {result.rows_imported:,} rows imported as {result.source}"
    if result.already:
        text = f"{name} was imported before as {result.source}; nothing changed"
    elif result.rows_rejected:
        reasons = "; ".join(f"{n:,} x {reason}" for reason, n in result.reasons.items())
        text += f", {result.rows_rejected:,} rejected ({reasons})"
    if result.rows_left_out and not result.already:
        text += f", {result.rows_left_out:,} left out by the mapping or retention"
    if result.rows_replaced:
        text += f", in place of {result.rows_replaced:,} earlier rows"
    return Answer(
        f"{text}.",
        {
            "source": result.source,
            "rows_read": result.rows_read,
            "rows_imported": result.rows_imported,
            "rows_rejected": result.rows_rejected,
            "rows_left_out": result.rows_left_out,
            "rows_replaced": result.rows_replaced,
            "reasons": dict(result.reasons),
            "already": result.already,
        },
    )


def share_of(text: str) -> float:
    """A share from `2%`, `0.02` or `0,02`.

    Raises:
        InputError: it is none.
    """
    try:
        number = float(text.removesuffix("%").replace(",", "."))
    except ValueError:
        number = -1.0
    share = number / 100 if text.endswith("%") else number
    if not 0 <= share <= 1:
        raise InputError(f"--max-rejects: expected a share such as 2%, came '{text}'")
    return share


def answer_of_proposal(session: Session, file: Path, source: str | None) -> Answer:
    """A draft of a mapping for a file, and where to save it."""
    from dashboard.intake import TARGETS
    from forecasting.catalogue import Catalogue
    from forecasting.ingest import propose_mapping
    from forecasting.ingest.mapping import check_name
    from forecasting.policy import load_policy

    check_name(source or "NAME")
    config = session.workspace.settings.config
    catalogue = load_policy(config / "catalogue.toml", Catalogue)
    place = config / "sources" / f"{source or 'NAME'}.toml"
    toml = f"# Save as {place}\n{propose_mapping(file, TARGETS, catalogue)}"
    return Answer(toml.rstrip("\n"), {"toml": toml})
