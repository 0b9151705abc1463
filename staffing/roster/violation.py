"""What a rule finds wrong in a roster."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Violation:
    """One breach of one rule; `hard` ones keep a roster from being stored."""

    rule: str
    detail: str
    person: str | None = None
    day: date | None = None
    hard: bool = True
    label_en: str = ""
    label_nl: str = ""

    def __str__(self) -> str:
        """The label, who and when, and what was found."""
        who = " ".join(str(part) for part in (self.person, self.day) if part)
        return f"{self.label_en or self.rule}: {who + ': ' if who else ''}{self.detail}"
