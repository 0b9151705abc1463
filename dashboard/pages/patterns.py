"""The series that a pattern means, in words."""

from dashboard.pages.view import View

ANY = "*"
PARTS = ("location", "service", "step_of_service", "channel")


def said_pattern(view: View, pattern: str) -> str:
    """`Paspoort, afhalen (Noord)`: what the parts of a pattern name; any part is left out."""
    words, parts = view.words, pattern.split("/")
    if not pattern or len(parts) != len(PARTS):
        return pattern or words("notes.all_series")
    if not any(ANY in part for part in parts):
        return words.series(pattern)
    place, service, step, channel = (
        "" if code == ANY else _named(view, part, code)
        for part, code in zip(PARTS, parts, strict=True)
    )
    how = ", ".join(part.lower() for part in (step, channel) if part)
    what = ": ".join(part for part in (service, how) if part)
    text = what[:1].upper() + what[1:] if what else words("notes.all_of")
    return f"{text} ({place})" if place else text


def _named(view: View, part: str, code: str) -> str:
    words = view.words
    if ANY in code:
        return code
    return words.service(code) if part == "service" else words.named(part, code)
