"""Lines of comma-separated fields under sections, each refused by its number."""

from collections.abc import Callable, Container
from typing import NoReturn

from forecasting.errors import InputError

SECTIONS = (
    "SECTION_HORIZON",
    "SECTION_SHIFTS",
    "SECTION_STAFF",
    "SECTION_DAYS_OFF",
    "SECTION_SHIFT_ON_REQUESTS",
    "SECTION_SHIFT_OFF_REQUESTS",
    "SECTION_COVER",
)


class Row:
    """One line of a file: its number and its comma-separated fields."""

    def __init__(self, file: str, number: int, text: str) -> None:
        self.file, self.number = file, number
        self.fields = [field.strip() for field in text.split(",")]

    def refuse(self, what: str) -> NoReturn:
        """Raise what was expected on this line and what came."""
        raise InputError(f"{self.file}, line {self.number}: {what}")

    def expect(self, least: int, form: str) -> None:
        """Refuse the line when it has fewer fields."""
        if len(self.fields) < least:
            self.refuse(f"expected {form}, came '{','.join(self.fields)}'")

    def whole(self, field: int, what: str, below: int | None = None) -> int:
        """A field as a whole number, from 0 and below a limit."""
        text = self.fields[field]
        if not (text.isascii() and text.isdigit()):
            self.refuse(f"expected {what} as a whole number, came '{text}'")
        if below is not None and int(text) >= below:
            self.refuse(f"expected {what} below {below}, came {text}")
        return int(text)

    def number_at(self, field: int, what: str) -> float:
        """A field as a number that is not negative."""
        try:
            number = float(self.fields[field])
        except ValueError:
            number = -1.0
        if not 0 <= number < float("inf"):
            self.refuse(f"expected {what} from 0 on, came '{self.fields[field]}'")
        return number

    def one_of(self, field: int, known: Container[str], what: str) -> str:
        """A field that names something known."""
        name = self.fields[field]
        if name not in known:
            self.refuse(f"expected {what} of the file, came '{name}'")
        return name


def sections(file: str, text: str) -> dict[str, list[Row]]:
    """Lines under each section's name, without comments and blank ones."""
    found: dict[str, list[Row]] = {}
    add: Callable[[Row], None] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        row = Row(file, number, line)
        if line.startswith("SECTION_"):
            if line not in SECTIONS or line in found:
                row.refuse(f"expected a new section of {', '.join(SECTIONS)}")
            add = found.setdefault(line, []).append
        elif add is None:
            row.refuse(f"expected a section such as {SECTIONS[0]}, came '{line}'")
        else:
            add(row)
    missing = [name for name in SECTIONS[:3] if name not in found]
    if missing:
        raise InputError(f"{file}: expected a section {missing[0]}, there is none")
    return found
