"""Import a workbook of several tables, a sheet each: all of it or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from forecasting.errors import InputError
from forecasting.ingest.bundle_policy import Bundle, Sheet, in_words, load_bundle
from forecasting.ingest.drafting import readable
from forecasting.ingest.importing import TRIES, Prepared, prepared
from forecasting.ingest.mapping import SourceMapping, load_mapping
from forecasting.ingest.outcome import ImportResult
from forecasting.ingest.readers.reading import check_is_file, read_file
from forecasting.runs import Change, Overtaken
from forecasting.targets import Target
from forecasting.workbooks.sheets import sheet_height, sheet_names
from forecasting.workspace import Workspace

WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class BundleResult:
    """What became of a workbook: results by sheet, sheets without rows, unknown ones."""

    sheets: dict[str, ImportResult]
    empty: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def already(self) -> bool:
        """Whether every filled sheet had come before."""
        return all(result.already for result in self.sheets.values())


@dataclass(frozen=True)
class Filled:
    """A sheet with rows, and the mapping that reads it."""

    name: str
    sheet: Sheet
    mapping: SourceMapping


@dataclass(frozen=True)
class Contents:
    """What a workbook holds: filled sheets, sheets without rows, unknown ones."""

    filled: tuple[Filled, ...]
    empty: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """How the sheets of a workbook are to be imported."""

    targets: Mapping[str, Target]
    now: datetime
    max_rejects: float


def look_through(
    config: Path, file: Path, source: str, targets: Mapping[str, Target]
) -> Contents:
    """Find the sheets of a workbook that a bundle knows, in any of its languages.

    Raises:
        InputError: the file is no workbook, a table stands on two sheets, or no known
            sheet is filled.
        PolicyError: a mapping breaks a rule.
    """
    bundle = load_bundle(config, source)
    _check_is_workbook(file)
    with readable(file):
        names = sheet_names(file)
        known, unknown = _matched(config, bundle, names, targets)
        _check_once(file, known)
        filled = [found for found in known if _has_rows(file, found)]
    if not filled:
        came = ", ".join(names)
        raise InputError(
            f"expected rows on at least one sheet of the template, came {came:.200}",
            file=file,
            remedy="Make the workbook with: piekwijzer template.",
        )
    empty = tuple(found.name for found in known if found not in filled)
    return Contents(tuple(filled), empty, unknown)


def import_bundle(
    workspace: Workspace,
    file: Path,
    source: str,
    *,
    targets: Mapping[str, Target],
    now: datetime,
    max_rejects: float = 0.02,
) -> BundleResult:
    """Import every filled sheet of a workbook, in one transaction.

    A sheet without rows, or one that is not there, changes nothing.

    Raises:
        InputError: the file cannot be used, no sheet is filled, or too many rows of one
            are rejected.
        PolicyError: a mapping breaks a rule.
    """
    found = look_through(workspace.settings.config, file, source, targets)
    order = Order(targets, now, max_rejects)
    for _ in range(TRIES):
        with ExitStack() as stack:
            ready = {
                sheet.name: stack.enter_context(_ready(workspace, file, sheet, order))
                for sheet in found.filled
            }
            try:
                _commit(workspace, found.filled, ready)
            except Overtaken:
                continue
            results = {name: one.result for name, one in ready.items()}
            return BundleResult(results, found.empty, found.unknown)
    raise InputError(
        f"expected a quiet moment of '{source}', came other imports all the time",
        file=file,
        remedy="Import its files one after another.",
    )


@contextmanager
def _ready(
    workspace: Workspace, file: Path, found: Filled, order: Order
) -> Iterator[Prepared]:
    """A sheet worked out up to where it counts; what is wrong is told of the sheet."""
    with ExitStack() as stack:
        with of_sheet(file, found.name):
            ready = stack.enter_context(
                prepared(
                    workspace,
                    file,
                    found.sheet.source,
                    targets=order.targets,
                    now=order.now,
                    max_rejects=order.max_rejects,
                    instead=found.sheet.instead,
                    mapping=found.mapping,
                )
            )
        yield ready


@contextmanager
def of_sheet(file: Path, name: str) -> Iterator[None]:
    """Name the sheet in what is wrong with it."""
    try:
        yield
    except InputError as error:
        raise InputError(
            error.problem,
            file=f"{file}, sheet '{name}'",
            line=error.line,
            column=error.column,
            remedy=error.remedy,
        ) from None


def _check_is_workbook(file: Path) -> None:
    check_is_file(file)
    if file.suffix.lower() not in WORKBOOKS:
        came = f"expected a workbook ending in .xlsx; came '{file.suffix}'"
        raise InputError(came, file=file)


def _check_once(file: Path, known: list[Filled]) -> None:
    sources = [found.sheet.source for found in known]
    for found in known:
        if sources.count(found.sheet.source) > 1:
            came = f"expected this table on one sheet, came '{found.name}' and another"
            raise InputError(came, file=file)


def _matched(
    config: Path, bundle: Bundle, names: list[str], targets: Mapping[str, Target]
) -> tuple[list[Filled], tuple[str, ...]]:
    """The sheets that a mapping reads, in any language, and the names of the others."""
    wanted: dict[str, Filled] = {}
    for sheet in bundle.sheet:
        mapping = load_mapping(config, sheet.source, targets)
        for words in bundle.languages:
            told = in_words(mapping, words)
            name = told.xlsx.sheet or ""
            wanted.setdefault(name, Filled(name, sheet, told))
    ignored = {words.get(i, i) for words in bundle.languages for i in bundle.ignored}
    known = [wanted[name] for name in names if name in wanted]
    rest = [name for name in names if name not in wanted and name not in ignored]
    return known, tuple(rest)


def _has_rows(file: Path, found: Filled) -> bool:
    """Whether a sheet holds anything below its heading."""
    with of_sheet(file, found.name):
        if sheet_height(file, found.name) <= 1:
            return False
        return read_file(file, found.mapping).head(1).collect().height > 0


def _commit(
    workspace: Workspace, filled: Sequence[Filled], ready: Mapping[str, Prepared]
) -> None:
    changes, deeds = [], []
    for found in filled:
        import_ = ready[found.name]
        if import_.change is not None:
            changes.append(_alone(workspace, import_.change, found.sheet))
            deeds.append(import_.deed)
    if changes:
        workspace.ledger.commit_imports(changes, deeds)


def _alone(workspace: Workspace, change: Change, sheet: Sheet) -> Change:
    """The same change, in which other sources of these datasets make way too."""
    others = {
        part.id
        for dataset in sheet.replaces
        for part in workspace.ledger.parts(dataset)
        if part.source != change.record.source
    }
    return replace(change, drop=change.drop | others)
