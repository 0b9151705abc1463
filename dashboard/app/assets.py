"""Streamlit's own files, from memory: a page takes some hundred before it can be drawn.

Streamlit reads each from disk for each browser that comes, and a browser asks for those
of an element only when it meets one. Here they are read once, and the document names
those that every page needs (`preloads`). What draws charts is so large that a browser
stands still for a second to take it in: it waits until the figures are on the screen.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir

FOREVER = {"Cache-Control": "public, immutable, max-age=31536000"}
"""For files whose names hold a hash of what is in them."""
IMPORTED = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
CHART = "PlotlyChart"
"""The element whose script is the largest, by far."""
OWN = "own"
"""Asks for that script itself."""
WAIT = f"""const own = new URL(import.meta.url);
own.search = "?{OWN}";
fetch(own).then((answer) => answer.blob()).catch(() => {{}});
const told = "[data-testid='stMetric'], table";
const shown = () =>
  [...document.querySelectorAll(told)].some((one) => one.getClientRects().length);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const patience = performance.now() + 2000;
while (!shown() && performance.now() < patience) await pause(20);
await pause(50);
const {{ default: chart }} = await import(own);
export default chart;
"""
"""Stands for that script, and is it once figures are shown, or after two seconds."""


class Assets:
    """Answers for files below `/static`; all else goes on to the app."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        self._app = app
        self._files = {
            f"{root}/{file.relative_to(home()).as_posix()}": file
            for file in (home() / "static").rglob("*")
            if file.is_file()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is asked of one of the files."""
        asked = scope["type"] == "http" and scope["method"] == "GET"
        file = self._files.get(scope["path"]) if asked else None
        if file is None:
            await self._app(scope, receive, send)
        else:
            waits = _draws_charts(file) and scope["query_string"] != OWN.encode()
            await _answer(file, waits=waits)(scope, receive, send)


def preloads(elements: Iterable[str]) -> list[str]:
    """Files that draw the elements of these names, with all that they import.

    Of an element that this Streamlit does not know there are none.
    """
    found = [file.name for name in elements for file in _scripts().glob(f"{name}.*.js")]
    known = dict.fromkeys(found)
    while found:
        new = [name for name in _imports(found.pop()) if name not in known]
        known.update(dict.fromkeys(new))
        found += new
    return [f"static/js/{name}" for name in known]


def home() -> Path:
    """Where Streamlit keeps what it sends to a browser."""
    return Path(get_static_dir())


def _scripts() -> Path:
    return home() / "static" / "js"


def _imports(name: str) -> Iterator[str]:
    head = (_scripts() / name).read_text("utf-8")
    return (found[1] for found in IMPORTED.finditer(head))


def _draws_charts(file: Path) -> bool:
    return file.match(f"{CHART}.*.js")


@cache
def _answer(file: Path, *, waits: bool) -> Response:
    kind, _ = guess_type(file)
    if waits:
        return Response(WAIT, media_type=kind, headers={"Cache-Control": "no-cache"})
    return Response(file.read_bytes(), media_type=kind, headers=FOREVER)
