"""What the template says to people, from its label catalogues."""

from pydantic import Field

from dashboard.labels.words import CATALOGUES, Language
from forecasting.calendar import WEEKDAYS
from forecasting.policy import Policy, load_policy


class SheetText(Policy):
    """The words of one sheet: what it is for, hints beside headings, examples.

    `example` holds a text for each column that the fields of `example_fields` have.
    """

    intro: str
    example_fields: tuple[str, ...]
    example: tuple[tuple[str, ...], ...]
    hints: dict[str, str]

    def hint(self, field: str) -> str:
        """The hint of a field; weekdays share one, and so do ticks."""
        group = "day" if field in WEEKDAYS else field.partition("_")[0]
        return self.hints.get(field) or self.hints[group]


class TemplateText(Policy):
    """All words of the template in one language."""

    title: str
    lead: tuple[str, ...]
    example: str
    page: str
    required: str
    optional: str
    odd_weeks: str
    choose: str
    choose_text: str
    usual: str
    usual_text: str
    day: str
    day_text: str
    time: str
    time_text: str
    hours: str
    hours_text: str
    number: str
    number_text: str
    sheet: dict[str, SheetText] = Field(min_length=1)


def template_text(language: Language) -> TemplateText:
    """The words of the template in a language."""
    return load_policy(CATALOGUES / f"template_{language}.toml", TemplateText)
