"""A bundle: which sheets of a workbook are read by which sources, in which languages.

A bundle (`config/bundles/NAME.toml`) names the sources whose mappings read the sheets,
and the words of its other languages; the sources are mapped in Dutch.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from forecasting.ingest.mapping import FieldMapping, SourceMapping
from forecasting.policy import Policy, load_policy

Words = Mapping[str, str]
"""What each Dutch word of a workbook is in another language."""


class Sheet(Policy):
    """A sheet: the source that reads it, and what it stands in for.

    `replaces` are the datasets of which it is the whole truth, whatever source they came
    from; with `instead` it is that for the days it covers, within its own source.
    """

    source: str
    replaces: tuple[str, ...] = ()
    instead: bool = False


class Bundle(Policy):
    """A workbook of several tables; `ignored` are sheets that hold none."""

    label: str
    ignored: tuple[str, ...] = ()
    sheet: tuple[Sheet, ...]
    words: dict[str, dict[str, str]] = Field(default_factory=dict)

    def words_in(self, language: str) -> Words:
        """The words of a language; none for that of the mappings."""
        return self.words.get(language, {})

    @property
    def languages(self) -> tuple[Words, ...]:
        """The words of every language, that of the mappings first."""
        return ({}, *self.words.values())


def is_bundle(config: Path, source: str) -> bool:
    """Whether a source is a workbook of several tables."""
    return source.isidentifier() and _file(config, source).is_file()


def load_bundle(config: Path, source: str) -> Bundle:
    """Read a bundle.

    Raises:
        PolicyError: there is none of this name, or it breaks a rule.
    """
    return load_policy(_file(config, source), Bundle)


def _file(config: Path, source: str) -> Path:
    return config / "bundles" / f"{source}.toml"


def in_words(mapping: SourceMapping, words: Words) -> SourceMapping:
    """A mapping that reads the same sheet in another language."""
    if not words:
        return mapping
    fields = {name: _field_in(given, words) for name, given in mapping.fields.items()}
    sheet = mapping.xlsx.sheet
    return mapping.model_copy(
        update={
            "xlsx": mapping.xlsx.model_copy(
                update={"sheet": words.get(sheet, sheet) if sheet else None}
            ),
            "harmless": {words.get(k, k): why for k, why in mapping.harmless.items()},
            "fields": fields,
        }
    )


def _field_in(given: FieldMapping, words: Words) -> FieldMapping:
    column = given.column and words.get(given.column, given.column)
    return given.model_copy(
        update={
            "column": column,
            "columns": tuple(words.get(name, name) for name in given.columns),
            "values": {
                words.get(key, key): value for key, value in given.values.items()
            },
        }
    )
