"""The words of a sentence on a peak, in Dutch and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Language:
    """What a language says of a peak and of its causes.

    `causes` names causes by their first word: `event election` is an event, and the rest
    of the cause is its name.
    """

    peak: str
    season: str
    issued: str
    mainly: str
    partly: str
    joined: str
    thousands: str
    months: tuple[str, ...]
    channels: Mapping[str, str]
    causes: Mapping[str, str]

    def number(self, value: float) -> str:
        """A whole number with separators for thousands."""
        return f"{value:,.0f}".replace(",", self.thousands)

    def day(self, day: date) -> str:
        """`7 juni 2027`."""
        return f"{day.day} {self.month(day)}"

    def month(self, day: date) -> str:
        """`juni 2027`."""
        return f"{self.months[day.month - 1]} {day.year}"

    def cause(self, code: str) -> str:
        """A cause in words."""
        if code in self.causes:
            return self.causes[code]
        kind, _, name = code.partition(" ")
        return self.causes[kind].format(name) if kind in self.causes else code


DUTCH = Language(
    peak="Week {week} (vanaf {day}): {expected} contacten voor {group}, {over} boven de gewone {usual}",
    season="de top van week {} tot en met {}",
    issued="{share} van de aanvragen vernieuwt documenten uit {month}",
    mainly="vooral door {causes}",
    partly="deels door {causes}, van de {over} boven het gewone",
    joined=" en ",
    thousands=".",
    months=(
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    channels={
        "appointment": "de balie op afspraak",
        "walk_in": "de vrije inloop",
        "phone": "de telefoon",
        "chat": "de chat",
        "video": "beeldbellen",
        "callback": "terugbellen",
        "online": "online",
        "assistant": "de digitale assistent",
    },
    causes={
        "level": "meer open dagen",
        "trend": "de groei",
        "season": "het seizoen",
        "weekday": "de weekdagen",
        "holiday": "dagen rond feestdagen",
        "school holiday": "de schoolvakantie",
        "expiries": "aflopende documenten",
        "letters": "brieven",
        "event": "de gebeurtenis {}",
        "event election": "de verkiezing",
        "event polling day": "de verkiezingsdag",
        "fee": "een nieuw tarief",
        "hours": "andere openingstijden",
        "planner": "een aanpassing van de planner",
        "outside": "de verwachting van buiten",
        "rest": "wat andere methoden zien",
    },
)
ENGLISH = Language(
    peak="Week {week} (from {day}): {expected} contacts for {group}, {over} above the usual {usual}",
    season="the highest of weeks {} to {}",
    issued="{share} of the applications renew documents issued in {month}",
    mainly="mainly because of {causes}",
    partly="partly because of {causes}, of the {over} above the usual",
    joined=" and ",
    thousands=",",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    channels={
        "appointment": "the counter by appointment",
        "walk_in": "the walk-in counter",
        "phone": "the phone",
        "chat": "chat",
        "video": "video calls",
        "callback": "call-backs",
        "online": "online",
        "assistant": "the digital assistant",
    },
    causes={
        "level": "more open days",
        "trend": "growth",
        "season": "the season",
        "weekday": "the weekdays",
        "holiday": "days around holidays",
        "school holiday": "the school holiday",
        "expiries": "expiring documents",
        "letters": "letters",
        "event": "the event {}",
        "event election": "the election",
        "event polling day": "polling day",
        "fee": "a new fee",
        "hours": "other opening hours",
        "planner": "an adjustment by the planner",
        "outside": "the outside forecast",
        "rest": "what other methods see",
    },
)
