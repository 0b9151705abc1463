"""A shift in a cell: a bar along the day, its work by letter and colour.

Letters and breaks are those of the roster on the wall. What the bar shows is said in
words beside it for who does not see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from dashboard.labels.words import Words
from staffing.publish.marks import shown_skills

TINTS = ("#CFE5F5", "#F6D9A8", "#E3CBE6", "#BFE3D3", "#E0E4E8", "#D9CFC4")
"""Light enough for dark letters (7 to 1 and more), in the order of the skills."""

KNOWN = ("phone", "counter", "civil_status", "back_office")


@dataclass(frozen=True)
class Work:
    """A stretch of one skill of a shift, in local time."""

    start: datetime
    end: datetime
    skill: str


@dataclass(frozen=True)
class Look:
    """How the skills of a week show: letters and tints, and the hours of its days."""

    marks: dict[str, str]
    tints: dict[str, str]
    first: float
    last: float


def look_of(skills: Sequence[str], first: float, last: float) -> Look:
    """The look of a week whose work lies between two hours of the day."""
    others = sorted(set(skills) - set(KNOWN))
    order = [*KNOWN, *others]
    tints = {skill: TINTS[i % len(TINTS)] for i, skill in enumerate(order)}
    marks = {skill: shown.mark for skill, shown in shown_skills(skills).items()}
    return Look(marks, tints, first, max(last, first + 1))


def shift_bar(start: datetime, end: datetime, work: Sequence[Work], look: Look) -> str:
    """The bar of a shift: what is not work stays white within its outline."""
    parts = "".join(
        f'<i style="left:{_part(one.start, start, end)};'
        f"width:{_width(one.start, one.end, start, end)};"
        f'background:{look.tints[one.skill]}">'
        f"{escape(look.marks[one.skill])}</i>"
        for one in work
    )
    span = look.last - look.first
    left, width = (_hour(start) - look.first) / span, _length(start, end) / span
    return (
        '<span class="pw-day" aria-hidden="true"><span class="pw-shift" '
        f'style="left:{left:.1%};width:{width:.1%}">{parts}</span></span>'
    )


def said(work: Sequence[Work], words: Words) -> str:
    """What is done from when to when, for who does not see the bar."""
    told = ", ".join(
        f"{words.named('skill', one.skill)} {one.start:%H:%M}\u2013{one.end:%H:%M}"
        for one in work
    )
    return f'<span class="pw-hidden"> {escape(told)}</span>'


def legend(look: Look, words: Words) -> str:
    """The letters with what they stand for."""
    items = "".join(
        f'<span><i style="background:{look.tints[skill]}">{escape(mark)}</i> '
        f"{escape(words.named('skill', skill))}</span>"
        for skill, mark in look.marks.items()
    )
    return f'<div class="pw-legend">{items}</div>'


def _hour(at: datetime) -> float:
    return at.hour + at.minute / 60


def _length(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600


def _part(at: datetime, start: datetime, end: datetime) -> str:
    return f"{_length(start, at) / _length(start, end):.1%}"


def _width(at: datetime, to: datetime, start: datetime, end: datetime) -> str:
    return f"{_length(at, to) / _length(start, end):.1%}"


STYLE = """<style>
.pw-grid .pw-scroll {max-height: 52rem;}
.pw-grid .pw-table td {padding: 0.22rem 0.45rem; min-width: 6.6rem;}
.pw-grid .pw-table td.pw-number {min-width: 0;}
.pw-grid .pw-table tbody th {position: sticky; left: 0; background: #fff; z-index: 1;}
.pw-grid .pw-table thead th:first-child {left: 0; z-index: 2;}
.pw-day {display: block; position: relative; height: 1.05rem; margin-top: 0.1rem;
  background: #F3F5F7;}
.pw-shift {position: absolute; top: 0; bottom: 0; background: #fff;
  outline: 1px solid #5B6770; overflow: hidden;}
.pw-shift i {position: absolute; top: 0; bottom: 0; font-style: normal;
  font-size: 0.72rem; line-height: 1.05rem; text-align: center; overflow: hidden;
  color: #1F2933; border-right: 1px solid #fff;}
.pw-legend {display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; font-size: 0.87rem;}
.pw-legend i {display: inline-block; min-width: 1.2rem; text-align: center;
  font-style: normal; outline: 1px solid #5B6770;}
@media print {.pw-day, .pw-shift, .pw-shift i, .pw-table td {print-color-adjust: exact;
  -webkit-print-color-adjust: exact;} .pw-grid .pw-table tr {break-inside: avoid;}
  .pw-grid .pw-table tbody th {position: static;}}
</style>"""
