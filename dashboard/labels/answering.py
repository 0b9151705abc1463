"""What a command answers when it is done, in the reader's language, as far as it is known."""

from dataclasses import dataclass
from pathlib import Path

from dashboard.labels.erring import phrase_in_words
from dashboard.labels.forms import forms_of, in_dutch
from dashboard.labels.words import Words

DUTCH = Path(__file__).with_name("results_nl.toml")


@dataclass(frozen=True)
class Said:
    """Lines in the reader's words, and those that are left as the program gave them."""

    told: tuple[str, ...]
    left: tuple[str, ...] = ()


def answer_in_words(answer: str, words: Words) -> Said:
    """The lines of an answer; in English all are told as they are."""
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    if words.language == "en":
        return Said(tuple(lines))
    both = [(line, _line(line, words)) for line in lines]
    told = tuple(said for _, said in both if said is not None)
    return Said(told, tuple(line for line, said in both if said is None))


def _line(line: str, words: Words) -> str | None:
    told = _told(line.removesuffix("."), words)
    return f"{told}." if told is not None and line.endswith(".") else told


def _told(text: str, words: Words) -> str | None:
    def fill(part: str) -> str | None:
        return _told(part, words) or phrase_in_words(part, words)

    return in_dutch(forms_of(DUTCH), text, fill)
