"""What a text of an export probably means: a service, a step, a channel, a place."""

import re
from collections.abc import Iterable

from forecasting.catalogue import Catalogue, Service, Step

SYNONYMS: dict[str, tuple[str, ...]] = {
    "passport": ("paspoort", "passport", "reisdocument"),
    "id_card": ("identiteitskaart", "id-kaart", "id kaart", "idkaart", "id card"),
    "licence": ("rijbewijs", "rijbew", "rijb", "licence", "driving"),
    "move": ("verhuiz", "verhuis", "adreswijzig", "im_gm", "change of address"),
    "registration_abroad": ("vanuit het buitenland", "vestiging", "immigr", "im_nl"),
    "departure": ("vertrek", "emigr", "em_nl", "naar het buitenland"),
    "extract": ("uittreksel", "afschrift", "extract"),
    "conduct": ("omtrent het gedrag", "vog"),
    "birth": ("geboorte", "birth"),
    "death": ("overlijden", "overleden", "death"),
    "marriage": ("huwelijk", "trouw", "partnerschap", "marriage"),
    "recognition": ("erkenning",),
    "naturalisation": ("naturalis", "nederlander", "optie"),
    "legalisation": ("legalis", "waarmerk"),
    "general": ("algemeen", "algemene", "overig", "informatie", "general"),
}
CHANNELS: dict[str, str] = {
    "appointment": r"afspraak|appointment|book(ed|ing)|startdatetime|acitivit",
    "video": r"video|beeldbel",
    "chat": r"chat|whatsapp",
    "assistant": r"assistent|assistant|chatbot",
    "callback": r"terugbel|callback|e-?mail|brief|post\b|formulier|klantcontact"
    r"|interne.?taa?k|toegewezenop|plaatsgevondenop",
    "phone": r"telefo|phone|bellen|wachtrij|queue|offered|aangeboden|\bcalls?\b|gesprek"
    r"|vru|talk",
    "online": r"online|website|internet|digitaal|zaak|aanvragen|web\b",
    "walk_in": r"vrij|inloop|walk|bezoek|visit|ticket|balie|wait|loket|counter",
}
AT_THE_TOWN = ("appointment", "walk_in", "online")
"""Channels of which one may stand for another; a call is never a visit."""

COLLECTION = "collection"
COLLECTING = r"afhal|afhaal|ophal|ophaal|uitreik|collect"


def guess_channel(text: str) -> str | None:
    """The channel that a text speaks of; the first of `CHANNELS` that fits."""
    found = (name for name, words in CHANNELS.items() if re.search(words, text.lower()))
    return next(found, None)


def guess_service(text: str, catalogue: Catalogue) -> str | None:
    """The service whose name, UPL name or synonym is the longest found in a text."""
    plain = text.lower()
    best = ("", "")
    for service in catalogue.service:
        for name in _names(service):
            if name in plain and len(name) > len(best[0]):
                best = (name, service.id)
    return best[1] or None


def _names(service: Service) -> Iterable[str]:
    yield from (service.name_nl.lower(), service.name_en.lower(), service.id)
    yield from SYNONYMS.get(service.id, ())
    if service.upl is not None:
        yield service.upl.lower()


def guess_product(text: str, channel: str, catalogue: Catalogue) -> tuple[str, bool]:
    """A `service/step/channel` of the catalogue for a text, and whether that is sure."""
    known = guess_service(text, catalogue)
    service = catalogue.services.get(known or "general", catalogue.service[0])
    collecting = re.search(COLLECTING, text.lower()) is not None
    steps = _in_order(service.step, channel, collecting=collecting)
    step = steps[0]
    if channel in step.channels:
        sure = known is not None and collecting is (step.id == COLLECTION)
        return f"{service.id}/{step.id}/{channel}", sure
    if known is not None and channel in AT_THE_TOWN:
        return f"{service.id}/{step.id}/{step.channels[0]}", False
    for other in reversed(catalogue.service):
        for step in other.step:
            if channel in step.channels:
                return f"{other.id}/{step.id}/{channel}", False
    return f"{service.id}/{step.id}/{step.channels[0]}", False


def _in_order(steps: tuple[Step, ...], channel: str, *, collecting: bool) -> list[Step]:
    """Steps on the channel first, and of these collections only when one collects."""
    return sorted(
        steps,
        key=lambda step: (
            channel not in step.channels,
            (step.id == COLLECTION) is not collecting,
        ),
    )


def plain_name(text: str) -> str:
    """A text as a plain name of a place: small letters, digits, `_`."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "place"
