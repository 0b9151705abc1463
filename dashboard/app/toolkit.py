"""Words that Streamlit itself puts on a page, in the page's language.

It has no setting for them. A script in the document puts them into Dutch where they
stand, as text and as names for who hears a page, and back on an English page. It looks
only at Streamlit's own widgets and at names of elements, never at what we write.
"""

import json
import re
from pathlib import Path

from dashboard.labels.forms import catalogue

DUTCH = Path(__file__).parents[1] / "labels" / "toolkit_nl.toml"
PLACE = re.compile(r"\\\{(\w+)\\\}")
SHOWN = (
    '[data-testid="stFileUploader"]',
    '[data-testid="InputInstructions"]',
    '[data-testid="stSkipToContent"]',
    '[data-testid="stStatusWidget"]',
    '[data-testid="stToolbar"]',
    '[data-testid="stElementToolbar"]',
    '[role="dialog"]',
    '[role="listbox"]',
)
"""What Streamlit writes text into by itself."""

SCRIPT = """<script>
(() => {
  const words = new Map(Object.entries(%(words)s));
  const forms = %(forms)s.map(([form, said]) => [new RegExp(form), said]);
  const shown = %(shown)s, names = ["aria-label", "placeholder", "title"];
  const named = names.map((name) => `[${name}]`).join();
  const html = document.documentElement, before = new WeakMap();
  const dutch = () => html.lang === "nl";
  const told = (text) => {
    const plain = text.trim();
    if (words.has(plain)) return words.get(plain);
    const fits = forms.find(([form]) => form.test(plain));
    return fits && plain.replace(fits[0], fits[1]);
  };
  const put = (node, name, now, write) => {
    const kept = before.get(node) ?? {};
    if (!dutch()) {
      if (kept[name]?.said === now) write(kept[name].own);
      return;
    }
    const said = now && told(now);
    if (!said || said === now) return;
    before.set(node, { ...kept, [name]: { own: now, said } });
    write(said);
  };
  const tell = (node) =>
    put(node, "text", node.nodeValue, (said) => { node.nodeValue = said; });
  const name = (element) => {
    for (const one of names) {
      const now = element.getAttribute(one);
      put(element, one, now, (said) => element.setAttribute(one, said));
    }
  };
  const texts = (element) => {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) tell(walk.currentNode);
  };
  const all = (element) => {
    if (element.matches(named)) name(element);
    element.querySelectorAll(named).forEach(name);
    if (element.closest(shown)) texts(element);
    else element.querySelectorAll(shown).forEach(texts);
  };
  const see = (node) => {
    if (node instanceof SVGElement) return;
    if (node instanceof Element) all(node);
    else if (node.parentElement?.closest(shown)) tell(node);
  };
  new MutationObserver((changes) => {
    if (!dutch()) return;
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(see);
      else if (change.type === "attributes") name(change.target);
      else see(change.target);
    }
  }).observe(html, {
    subtree: true, childList: true, characterData: true, attributeFilter: names,
  });
  new MutationObserver(() => all(html)).observe(html, { attributeFilter: ["lang"] });
})();
</script>"""


def toolkit_script() -> str:
    """The script, with its words."""
    told = catalogue(DUTCH)
    forms = [_pattern(*both) for both in told["forms"].items()]
    return SCRIPT % {
        "words": _json(dict(told["words"])),
        "forms": _json(forms),
        "shown": _json(", ".join(SHOWN)),
    }


def _pattern(english: str, dutch: str) -> tuple[str, str]:
    """A form as a regular expression of the browser, and what is put in its place."""
    form = PLACE.sub(r"(?<\1>.+)", re.escape(english)).replace("\\ ", " ")
    return f"^{form}$", re.sub(r"\{(\w+)\}", r"$<\1>", dutch)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
