"""Every page with each of its parts, as an address asks for them."""

from importlib import import_module

import dashboard.app.script

Look = tuple[str, str]


def looks() -> list[Look]:
    """Pages and the names of their parts; a page that is shown whole has one of no name."""
    return [
        (page, part)
        for page in dashboard.app.script.PAGES
        for part in getattr(import_module(f"dashboard.pages.{page}"), "PARTS", ("",))
    ]
