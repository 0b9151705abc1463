"""A month of a log cut in ways that each leave other days to predict."""

SPLITS = {
    "1-17 > 18-31": ("1-17", "18-31"),
    "18-31 > 1-17": ("18-31", "1-17"),
    "1-10 > 11-17": ("1-10", "11-17"),
    "1-8 > 9-17": ("1-8", "9-17"),
    "10-17 > 1-9": ("10-17", "1-9"),
    "15-31 > 1-14": ("15-31", "1-14"),
    "without 1-7": ("8-31", "1-7"),
    "without 8-16": ("1-7 17-31", "8-16"),
    "without 17-23": ("1-16 24-31", "17-23"),
    "without 24-31": ("1-23", "24-31"),
}
"""Days of the month fitted on, and predicted."""


def days(text: str) -> set[int]:
    """Days of the month that `1-7 17-31` names."""
    ends = (part.split("-") for part in text.split())
    return {day for first, last in ends for day in range(int(first), int(last) + 1)}
