"""Days, weeks, moments and numbers as the program prints them, as a reader writes them."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dashboard.labels.words import Words

ZONE = ZoneInfo("Europe/Amsterdam")
"""The clock of the reader, for moments that are printed in UTC."""

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WEEK = re.compile(r"\d{4}-W\d{2}")
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2})(Z|:\d{2}\+00:00)?")
NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?%?")


def value_in_words(text: str, words: Words) -> str | None:
    """A value of the program in words; None where it is none of these."""
    try:
        return _in_words(text, words)
    except ValueError:  # a day such as 2027-02-30, as somebody typed it
        return None


def _in_words(text: str, words: Words) -> str | None:
    if DAY.fullmatch(text):
        return words.day(date.fromisoformat(text))
    if WEEK.fullmatch(text):
        return words.week(text)
    if found := MOMENT.fullmatch(text):
        at = datetime.fromisoformat(found[1])
        return words.moment(at.replace(tzinfo=UTC).astimezone(ZONE) if found[2] else at)
    if NUMBER.fullmatch(text):
        return text.translate(str.maketrans(",.", ".,"))
    return None
