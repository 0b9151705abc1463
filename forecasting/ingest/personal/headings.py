"""Columns that are called like personal data of residents, in Dutch or English."""

import re

DUPLICATE = r"_duplicated_\d+$"

PERSON = (
    r"(volledige|klant|burger|aanvrager|persoon|persoons|betrokkene|contact|inwoner|"
    r"indiener|contactpersoon|partner|kind|ouder|customer|client|person|contactperson|"
    r"resident|applicant|full|first|last|family|given|maiden|middle|nick|voor|achter|"
    r"roep|geslachts|geboorte|aanspreek)s?"
)
HEADINGS = {
    "a citizen service number (BSN)": r"bsn.*|.*bsn|.*burgerservice(nummer|nr).*|sofi(nummer|nr)?|"
    r"citizenservice(number|no)",
    "a birth date": r".*geboorte(datum|dag|dat|jaar|plaats|land).*|.*geb(dat|datum|jaar)|"
    r"geboren(op)?|.*birth(date|day|year|place).*|.*(date|year|place)ofbirth.*|dob|"
    r"verjaardag",
    "an e-mail address": r".*e?mailaddress?.*|.*e?mailadres.*",
    "a name": rf"({PERSON})?(naam|namen|names?)|surname|initialen|initials|voorletters?|"
    r"tussenvoegsel|voorvoegsel(achternaam|geslachtsnaam)|"
    r"(naam|namen|name)(van|of)?(de|het|the)?"
    r"(klant|burger|aanvrager|persoon|inwoner|betrokkene|indiener|contactpersoon|"
    r"customer|client|person|applicant|resident)",
    "an address": r"(woon|post|e?street|home|post(al)?|bezoek|verblijfs?|correspondentie|"
    r"brief|thuis|klant|huis|factuur)?(adres|address)(regel|line)?\d?|straat(naam)?|"
    r"street(name)?|huis(nummer|nr|letter).*|house(number|no)|postcode6?|pc6|"
    r"post(al)?code|zip(code)?",
    "a phone number": r"(telefoon|tel|mobiele?|mobile|phone|gsm|contact|bellers?|vast|"
    r"caller|calling|06)(telefoon|phone|party)?(nummer|nr|number|no)\d?|"
    r"callerid|clid|ani|anummer|nummerbeller|mobiel|gsm",
}

CHANNELS_TOO = {
    "an e-mail address": r"e?mail",
    "a phone number": r"telefoon|tel|phone|mobile",
    "a name": r"contactpersoon|aanvrager|indiener|betrokkene",
}
"""Such a column may as well count the contacts of a channel."""

BARE = re.compile(r"naam|namen|names?")
"""Whose name it is, the object around it tells: `zaaktype.naam` is no person's."""


def personal_heading(column: str) -> str | None:
    """What a column is called like, when it is called like personal data."""
    return _called(column, HEADINGS)


def channel_heading(column: str) -> str | None:
    """The same for names that a count per channel may have too."""
    return _called(column, CHANNELS_TOO)


def _called(column: str, headings: dict[str, str]) -> str | None:
    return next(
        (
            what
            for what, pattern in headings.items()
            if any(re.fullmatch(pattern, name) for name in _plain_names(column))
        ),
        None,
    )


def _plain_names(column: str) -> set[str]:
    """The name without signs; of a nested field the last part and the last two too."""
    named = re.sub(DUPLICATE, "", column).lower()
    parts = [re.sub(r"[\W_]", "", part) for part in named.split(".")]
    names = {"".join(parts), "".join(parts[-2:])}
    return (
        names if len(parts) > 1 and BARE.fullmatch(parts[-1]) else {*names, parts[-1]}
    )
