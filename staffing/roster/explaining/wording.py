"""A planner's words for shortfalls, in English and in Dutch."""

from collections import Counter
from datetime import date, datetime

from staffing.roster.clock import Clock
from staffing.roster.result import Shortfall
from staffing.roster.verifying import RULES

Words = tuple[str, str]
"""The same in English and in Dutch."""

CAUSES: dict[str, Words] = {
    "off": ("not available that day", "die dag niet beschikbaar"),
    "absent": ("absent then", "dan afwezig"),
    "elsewhere": ("at another location", "op een andere locatie"),
    "rule:contract_hours": ("at their weekly maximum", "aan het weekmaximum"),
    "pattern": (
        "at the most hours of their pattern that day",
        "aan het maximum van hun patroon die dag",
    ),
    "unfitting": ("without a shift that fits then", "zonder dienst die dan past"),
    "settled": ("settled otherwise", "anders vastgezet"),
    "break": ("on a break", "met pauze"),
    "outside": (
        "outside their shift, which could move",
        "buiten hun dienst, die kan schuiven",
    ),
    "outside_fixed": (
        "outside their shift, which cannot move",
        "buiten hun dienst, die niet kan schuiven",
    ),
    "set_apart": ("in protected time", "in beschermde tijd"),
    "busy_short": (
        "on other work that is itself short",
        "bezig met ander werk dat zelf tekortkomt",
    ),
    "busy_needed": (
        "on other work that needs them more",
        "bezig met ander werk dat hen harder nodig heeft",
    ),
    "busy": (
        "on other work that could spare them",
        "bezig met ander werk dat hen kan missen",
    ),
    "seats": ("without a free desk", "zonder vrije werkplek"),
    "idle": ("at work without an activity", "aanwezig zonder activiteit"),
    "unpaying": (
        "free with hours left, but a shift costs more than it saves",
        "vrij met uren over, maar een dienst kost meer dan hij oplevert",
    ),
    "free": ("free with hours left", "vrij met uren over"),
    "here": ("doing it", "ermee bezig"),
}
"""Causes in the order in which they are told."""

NUMBERS_EN = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
NUMBERS_NL = [
    "geen",
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
]
DAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
DAYS_NL = [
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
]

SKILLS: dict[str, Words] = {
    "phone": ("phone", "telefoon"),
    "counter": ("counter", "balie"),
    "civil_status": ("civil status", "burgerlijke stand"),
    "back_office": ("back office", "backoffice"),
}
"""Skills of the shipped catalogue; others go by their own name."""


def numbered(number: int) -> Words:
    """A number in words up to twelve."""
    if 0 <= number < len(NUMBERS_EN):
        return NUMBERS_EN[number], NUMBERS_NL[number]
    return str(number), str(number)


def weekday(day: date) -> Words:
    """The name of a day."""
    return DAYS_EN[day.weekday()], DAYS_NL[day.weekday()]


def skill_words(skill: str) -> Words:
    """What a skill is called."""
    plain = skill.replace("_", " ")
    return SKILLS.get(skill, (plain, plain))


def cause_words(cause: str) -> Words:
    """What keeps somebody away; a hard rule goes by its label."""
    if cause in CAUSES:
        return CAUSES[cause]
    name = cause.partition(":")[2]
    rule = next((rule for rule in RULES if rule.name == name), None)
    english, dutch = (rule.label_en, rule.label_nl) if rule else (name, name)
    return (
        f"held back by the rule '{english.lower()}'",
        f"tegengehouden door de regel '{dutch.lower()}'",
    )


def reason(counts: Counter[str], desks: int | None = None) -> Words:
    """What the authorised people do, each counted once, in words.

    `desks` is how many there are where every one of them is taken.
    """
    english, dutch = _people(counts)
    if desks is None:
        return english, dutch
    if desks == 1:
        return f"the one desk is taken; {english}", f"de ene plek is bezet; {dutch}"
    number, getal = numbered(desks)
    return (
        f"all {number} desks are taken; {english}",
        f"alle {getal} werkplekken zijn bezet; {dutch}",
    )


def _people(counts: Counter[str]) -> Words:
    able = counts.total()
    if not able:
        return "nobody here has this authorisation", "niemand hier is bevoegd"
    number, getal = numbered(able)
    causes = [cause for cause in CAUSES if counts[cause]]
    causes += sorted(cause for cause in counts if counts[cause] and cause not in CAUSES)
    if len(causes) == 1:
        english, dutch = cause_words(causes[0])
        if able == 1:
            return (
                f"the only one with this authorisation is {english}",
                f"de enige bevoegde is {dutch}",
            )
        return (
            f"all {number} with this authorisation are {english}",
            f"alle {getal} bevoegden zijn {dutch}",
        )
    parts = [(*numbered(counts[cause]), *cause_words(cause)) for cause in causes]
    english = ", ".join(f"{n} {words}" for n, _, words, _ in parts)
    dutch = ", ".join(f"{n} {words}" for _, n, _, words in parts)
    return (
        f"all {number} with this authorisation: {english}",
        f"alle {getal} bevoegden: {dutch}",
    )


def sentence(clock: Clock, found: Shortfall, *, waits: bool = False) -> Words:
    """A shortfall in one line: when, what is short where, and what binds.

    Work that can wait (`waits`) tells what is left of its day.
    """
    skill, vak = skill_words(found.skill)
    if waits:
        hours = f"{found.quarters / 4:g}"
        english = f"{hours} hours of {skill} work left over"
        dutch = f"{hours.replace('.', ',')} uur {vak} blijft liggen"
    else:
        number, getal = numbered(found.short)
        english = f"{number} {skill} {_plural(found.short)} short"
        dutch = f"{getal} te weinig voor {vak}"
    day, dag = weekday(clock.local(found.start).date())
    when = between(clock, found.start, found.end)
    return (
        f"{day} {when} {english} at {found.location}: {found.reason}",
        f"{dag} {when} {dutch} op {found.location}: {found.reason_nl}",
    )


def _plural(number: int) -> str:
    return "person" if number == 1 else "people"


def between(clock: Clock, start: datetime, end: datetime) -> str:
    """Two moments on the town's clock."""
    return f"{clock.local(start):%H:%M}-{clock.local(end):%H:%M}"


def of_day(first: int, last: int) -> str:
    """Two minutes after midnight on the clock."""
    return f"{first // 60:02d}:{first % 60:02d}-{last // 60:02d}:{last % 60:02d}"
