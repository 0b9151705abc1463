"""The document a browser gets first: it knows where the server is, and its language.

Streamlit's own says that every page is in English, and leaves it to the browser to find
the server by asking below the address of the page first, which fails at every page but
the first.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit.file_util import get_static_dir

from dashboard.access import THEME
from dashboard.app.assets import preloads
from dashboard.app.toolkit import toolkit_script
from dashboard.labels.words import LANGUAGES

HEAD, TAIL = "<head>", "</head>"
PRELOAD = '<link rel="modulepreload" crossorigin href="{file}">'
DRAWN = ("Html", "Metric", "Selectbox", "ButtonGroup", "Button")
"""Elements that nearly every page begins with: asked for at once, not when first met."""
SCRIPT = """<script>
window.__streamlit = {{BACKEND_BASE_URL: location.origin + {base}}};
(() => {{
  const known = {languages};
  const say = () => {{
    const asked = new URLSearchParams(location.search).get("lang");
    document.documentElement.lang = known.includes(asked) ? asked : known[0];
  }};
  for (const name of ["pushState", "replaceState"]) {{
    const own = history[name];
    history[name] = function () {{ own.apply(this, arguments); say(); }};
  }}
  addEventListener("popstate", say);
  say();
}})();
</script>
<style>
a:focus-visible, .pw-scroll:focus-visible {{
  outline: 2px solid {color} !important; outline-offset: 2px;
}}
</style>"""
"""Streamlit marks a link in focus by a shade of grey that nobody sees beside white."""


def page_routes(pages: Iterable[str], base: str = "") -> list[Route]:
    """A route per page below the path under which the server is reached."""
    root = f"/{base.strip('/')}".rstrip("/")
    html = document(root)

    async def answer(request: Request) -> HTMLResponse:
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    return [Route(f"{root}/{page}", answer, methods=["GET"]) for page in ("", *pages)]


def document(root: str) -> str:
    """Streamlit's first document, told where the server is and which languages there are."""
    own = (Path(get_static_dir()) / "index.html").read_text("utf-8")
    told = SCRIPT.format(
        base=json.dumps(root),
        languages=json.dumps(LANGUAGES),
        color=THEME["primaryColor"],
    )
    early = "\n".join(
        PRELOAD.format(file=f"{root}/{name}")
        for name in preloads(DRAWN)
        if name not in own
    )
    return (
        own.replace(HEAD, f"{HEAD}\n{told}\n{toolkit_script()}", 1)
        .replace(TAIL, f"{early}\n{TAIL}", 1)
        .replace("<title>Streamlit</title>", "<title>Piekwijzer</title>", 1)
    )
