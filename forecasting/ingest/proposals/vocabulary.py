"""What headings of Dutch and English exports are called, field by field."""

import re
from collections.abc import Callable, Iterable

from forecasting.ingest.proposals.sniffing import Column

WORDS: dict[str, tuple[str, ...]] = {
    "start": (
        r"start(date)?time|intervalstart|starttijd|start|begin(tijd)?|datumtijd|tijdstip",
        r"plaatsgevondenop|toegewezenop|registratiedatum",
        r"created(at|on)?|aangemaakt(op)?",
        r"(afspraak|bezoek|bel|gespreks?)?(datum|tijd)|date|datetime|timestamp",
        r"dag|day|hour|uur|interval|week|weeknummer|maand|month|period(start)?|kwartier",
    ),
    "requested": (
        r"creation.*|(is)?aangemaakt.*|created.*|boek(ings)?datum|geboekt.*|booked(at|on)",
        r"aanvraagdatum|requested.*",
    ),
    "time of day": (r"(start|begin).*", r"tijd(stip)?|time", r".*entry|.*exit|.*start"),
    "count": (
        r".*aangeboden.*|.*offered.*",
        r"aantal.*|count|number|booked|totaal|total|volume|freq.*",
        r"(calls|gesprekken|bezoeken|afspraken|visits|contacten)",
    ),
    "abandoned": (r".*afgehaakt.*|.*abandon.*|opgehangen|verlaten|.*gemist.*|lost",),
    "in_time": (r".*(binnen|within)\w*\d.*",),
    "answered": (r".*beantwoord|.*answered|aangenomen|handled",),
    "handled": (r".*aht|.*afhandel.*|.*handl(e|ing)(time|duration).*",),
    "handling_s": (
        r".*(gesprek|talk|nawerk|aftercall|acw|wrapup|behandel).*",
        r".*ser(vice)?(tijd|time|duur)|.*duration.*|.*duur.*",
    ),
    "wait_s": (r"wait.*|.*wachttijd.*|q(ueue)?time|wacht(s|sec)?",),
    "done": (r"afgehandeldop|einddatum|closed(at|on)?|afgerond.*|gereed.*",),
    "due": (r"uiterlijkeeinddatum.*|deadline|uiterlijk.*",),
    "location": (
        r"locat.*|vestiging.*|kantoor|.*office|loket|filiaal|site|branch|stadskantoor",
        r"gemeente|regio|region|source|bron|plaats|place",
    ),
    "product": (
        r"product.*|dienst.*|act?ivit.*|acitivit.*|service(name)?|zaaktype.*",
        r"wachtrij.*|queue.*|onderwerp.*|subject|categorie|category|skill|measure",
        r"soort|type|document",
    ),
    "channel": (r".*kanaal.*|.*channel.*",),
    "status": (r"status|outcome|uitkomst|resultaat|result|disposition|left|afloop",),
    "identity": (
        r"uuid|publicid|id|key",
        r".*uuid|.*id|.*nummer|referentie|identificatie",
    ),
    "as_of": (r"peildatum|asof|stand(per|op)|opdatum",),
    "expiry_week": (
        r"expiryweek|.*vervalweek|afloopweek|week.*(afloop|verloop|verval).*",
    ),
    "expiry_date": (
        r"geldigtot.*|expirydate|verval.*|einddatum|afloop.*|datum.*geldig.*",
    ),
    "age_band": (r"leeftijd.*|age.*",),
    "district": (r"wijk.*|district.*|buurt.*|stadsdeel|gebied",),
    "basis": (r"basis|soort|grondslag",),
    "service": (r"document.*|service|product|dienst|reisdocument",),
    "reference": (r"referentie.*|reference.*|kenmerk|pseudoniem",),
    "batch": (r"batch.*|zending|mailing",),
    "arm": (r"arm|groep|group",),
    "stratum": (r"stratum|strata|cohort",),
    "request_week": (r"requestweek|week.*aanvra.*|aanvraagweek|week",),
    "request_date": (r"requestdate|datum.*aanvra.*|aanvraagdatum|.*datum|date",),
    "mailing_week": (r"mailingweek|verzendweek|week.*verzend.*|.*postweek",),
    "decided": (r"decided(on)?|besloten(op)?|vastgesteld(op)?|akkoord(op)?",),
    "subject": (r"subject|product|document|dienst.*|service|reeks|series",),
    "period": (r"periode?|jaar|year|tijdvak",),
    "percent": (r".*percent.*|.*procent.*|stijging.*|groei.*|mutatie.*",),
    "base_year": (r"basisjaar|baseyear|peiljaar|referentiejaar",),
    "said_by": (r"volgens|saidby|afkomstigvan",),
    "mode": (r"mode|wijze",),
    "reason": (r"reason.*|reden.*",),
    "code": (r"code|personeels.*|medewerker(code|nummer)?",),
    "label": (r"label|weergavenaam|displayname",),
    "contract_hours": (r"contract(uren|hours)|uren|hours",),
    "working_days": (r"werkdagen|workingdays|dagen|days",),
    "skills": (r"bevoegdheden|skills|vaardigheden|authorisations",),
    "first": (r"van|first|from|begin.*|start.*|eerste.*",),
    "last": (r"totenmet|tot|last|until|eind.*|laatste.*",),
}
"""Patterns for the heading of each field, in small letters and digits, best first."""


def find(
    field: str,
    columns: Iterable[Column],
    fits: Callable[[Column], bool] = lambda _: True,
) -> Column | None:
    """The column whose heading fits a field best and whose values fit, or None."""
    found = find_all(field, columns, fits)
    return found[0] if found else None


def find_all(
    field: str,
    columns: Iterable[Column],
    fits: Callable[[Column], bool] = lambda _: True,
) -> list[Column]:
    """The columns whose heading fits a field and whose values fit, best first."""
    patterns = WORDS.get(field, (re.escape(re.sub(r"[\W_]", "", field.lower())),))
    fitting = [column for column in columns if fits(column)]
    return [
        column
        for pattern in patterns
        for column in fitting
        if re.fullmatch(pattern, column.heading)
    ]
