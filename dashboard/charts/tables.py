"""Tables as HTML: real headings and captions, so that they read aloud and print."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

Tone = Literal["plain", "calm", "busy", "near", "over", "muted"]
NARROW = 4
"""So many columns fit on a telephone."""


@dataclass(frozen=True)
class Cell:
    """A text, a smaller second line, and a tone that the text also says in words.

    `drawn` is HTML of ours, below the text: its maker has escaped what is from data.
    """

    text: str
    note: str = ""
    tone: Tone = "plain"
    drawn: str = ""


@dataclass(frozen=True)
class Table:
    """A table: headings, rows, which columns hold numbers, a caption read aloud.

    On a telephone one that `stacks` stands cell below cell, each under its heading; roles
    are named because a browser forgets those of a table that is laid out otherwise. One of
    many columns that does not is marked there as going on sideways.
    """

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]
    numeric: frozenset[int] = frozenset()
    stacks: bool = False

    def html(self) -> str:
        """The table as HTML; everything from data is escaped."""
        role = self._role
        heads = "".join(
            f'<th scope="col"{role("columnheader")}{self._side(i)}>{escape(text)}</th>'
            for i, text in enumerate(self.headings)
        )
        body = "".join(f"<tr{role('row')}>{self._row(row)}</tr>" for row in self.rows)
        kind = "pw-table pw-stacked" if self.stacks else "pw-table"
        wide = not self.stacks and len(self.headings) > NARROW
        return (
            f'<div class="pw-scroll{" pw-wide" if wide else ""}" tabindex="0" role="region" '
            f'aria-label="{escape(self.caption)}"><table{role("table")} class="{kind}">'
            f'<caption class="pw-hidden">{escape(self.caption)}</caption>'
            f"<thead{role('rowgroup')}><tr{role('row')}>{heads}</tr></thead>"
            f"<tbody{role('rowgroup')}>{body}</tbody></table></div>"
        )

    def _role(self, name: str) -> str:
        return f' role="{name}"' if self.stacks else ""

    def _side(self, column: int) -> str:
        return ' class="pw-number"' if column in self.numeric else ""

    def _label(self, column: int) -> str:
        if not self.stacks:
            return ""
        return f' data-label="{escape(self.headings[column])}"{self._role("cell")}'

    def _row(self, row: Sequence[str | Cell]) -> str:
        head, *rest = [cell if isinstance(cell, Cell) else Cell(cell) for cell in row]
        first = f'<th scope="row"{self._role("rowheader")}>{_content(head)}</th>'
        return first + "".join(
            f'<td class="pw-{cell.tone}{" pw-number" if i in self.numeric else ""}"'
            f"{self._label(i)}>{_content(cell)}</td>"
            for i, cell in enumerate(rest, start=1)
        )


def _content(cell: Cell) -> str:
    note = f"<small>{escape(cell.note)}</small>" if cell.note else ""
    return escape(cell.text) + cell.drawn + note


STYLE = """<style>
.stMainBlockContainer {padding: 4.6rem 2.5rem 3rem; max-width: 1500px;}
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {color: #48545E;
  opacity: 1;}
.stMainBlockContainer h1 {padding: 0 0 0.5rem; font-size: 1.9rem;}
.stMainBlockContainer h2 {padding: 0.6rem 0 0.2rem; font-size: 1.25rem; font-weight: 600;}
.stMainBlockContainer h3 {padding: 0.4rem 0 0; font-size: 1.05rem; font-weight: 600;}
.pw-scroll {overflow: auto; max-width: 100%; max-height: 46rem; position: relative;}
.pw-table {border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums;
  font-size: 0.93rem; line-height: 1.3;}
.pw-table th, .pw-table td {padding: 0.34rem 0.6rem; border: 0;
  border-bottom: 1px solid #E5E9EC; text-align: left; vertical-align: top;}
.pw-table thead th {color: #48545E; font-weight: 600; background: #F3F5F7;
  position: sticky; top: 0; white-space: nowrap;}
.pw-table tbody th {min-width: 7rem; font-weight: 600; white-space: nowrap;}
.pw-table .pw-number {text-align: right; white-space: nowrap;}
.pw-table small {display: block; color: #48545E; font-size: 0.8rem;}
.pw-table td.pw-calm {background: #E6F0F7;}
.pw-table td.pw-busy {background: #B9D7EA;}
.pw-table td.pw-near {background: #FBE3B0;}
.pw-table td.pw-over {background: #F3B58C; font-weight: 700;}
.pw-table td.pw-over small {color: #1F2933;}
.pw-table td.pw-muted {color: #5B6770;}
[data-testid="stPageLink"] p {white-space: normal; overflow: visible;}
.pw-hidden {position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap;}
@media (max-width: 900px) {.pw-table thead th, .pw-table thead .pw-number,
  .pw-table tbody th, .pw-table small {white-space: normal;} .pw-table td.pw-number {min-width: 4.6rem;}}
@media screen and (max-width: 700px) {
  .pw-table th, .pw-table td {padding-left: 0.4rem; padding-right: 0.4rem;}
  .pw-stacked, .pw-stacked tbody, .pw-stacked tr, .pw-stacked th, .pw-stacked td {
    display: block; width: auto; min-width: 0 !important;}
  .pw-stacked thead {position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%);}
  .pw-stacked tr {padding: 0.5rem 0; border-bottom: 2px solid #D9DEE3;}
  .pw-stacked tbody th, .pw-stacked tbody td {border: 0; padding: 0.25rem 0.6rem;}
  .pw-stacked td::before {content: attr(data-label); display: block; color: #48545E;
    font-size: 0.8rem;}
  .pw-stacked td.pw-number {display: grid; grid-template-columns: 1fr auto; gap: 0 1rem;
    text-align: right; white-space: normal;}
  .pw-stacked td.pw-number::before {text-align: left;}
  .pw-stacked td.pw-number small {grid-column: 1 / -1;}
  .pw-scroll:has(.pw-stacked):not(:has(tbody tr:nth-child(9))) {max-height: none;}
  .pw-wide::before {content: "\\2194"; content: "\\2194" / ""; display: block; position: sticky;
    left: 0; text-align: right; color: #48545E; line-height: 1.1;}
  .heatmap-label {display: none;}
}
@media print {.pw-scroll {overflow: visible; max-height: none;} .stButton, .stSelectbox,
  .stSegmentedControl, header {display: none !important;}}
</style>"""

ONE_PAGE = """<style>
.pw-table td:nth-child(3), .pw-table td:nth-child(4) {min-width: 10rem;}
.pw-table td:nth-child(5) {min-width: 8rem;}
.pw-table td:nth-child(6) {min-width: 15rem;}
@media print {
  @page {size: A4 landscape; margin: 8mm;}
  html, body, #root, #root div:has(.pw-table), .stApp, .stMain, .stMainBlockContainer {
    display: block !important; position: static !important; overflow: visible !important;
    height: auto !important; min-height: 0 !important; max-width: none !important;
    width: auto !important; margin: 0 !important; padding: 0 !important;}
  [data-testid="stHeader"], [data-testid="stExpander"], [data-testid="stAlert"],
  [data-testid="stButtonGroup"], [data-testid="stSkeleton"] {display: none !important;}
  .stMainBlockContainer h1 {font-size: 13pt !important; padding: 0 0 1mm !important;}
  [data-testid="stCaptionContainer"] p {font-size: 7.5pt !important; line-height: 1.3;
    margin: 0 0 0.6mm !important;}
  .pw-table {font-size: 8pt; line-height: 1.2; page-break-inside: avoid;}
  .pw-table th, .pw-table td {padding: 0.8mm 1.5mm;}
  .pw-table td:nth-child(n+5) {overflow-wrap: anywhere;}
  .pw-table tbody th, .pw-table thead th {white-space: normal; min-width: 0;}
  .pw-table small {font-size: 7pt;}
  .pw-table td:nth-child(n) {min-width: 0;}
  .pw-table td:nth-child(5) {width: 13%;}
  .pw-table td:nth-child(6) {width: 27%;}
  [data-testid="stCaptionContainer"], [data-testid="stMarkdownContainer"],
  [data-testid="stElementContainer"] {margin: 0 !important; height: auto !important;
    display: block !important; overflow: visible !important;}
}
</style>"""
"""How the table of a page prints on one sheet."""
