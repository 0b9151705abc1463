"""Public holidays and school holidays, as the package `holidays` knows them."""

from datetime import date

import holidays


def public_holidays(country: str, subdiv: str | None = None) -> "holidays.HolidayBase":
    """Public and, where the country has them, optional holidays, named in English."""
    known = holidays.country_holidays(country, subdiv=subdiv)
    wanted = {"public", "optional"} & set(known.supported_categories)
    return holidays.country_holidays(
        country, subdiv=subdiv, categories=tuple(sorted(wanted)), language="en_US"
    )


def school_holidays(
    country: str, region: str | None, years: tuple[int, int]
) -> dict[date, str]:
    """The days of school holidays in a region, by name; none where none are known.

    The source is the package `holidays` (the Netherlands by region, 2014 to 2030).
    """
    known = holidays.country_holidays(country)
    if "school" not in known.supported_categories or region not in known.subdivisions:
        return {}
    book = holidays.country_holidays(
        country,
        subdiv=region,
        categories=("school",),
        language="en_US",
        years=range(years[0], years[1] + 1),
    )
    return dict(sorted(book.items()))
