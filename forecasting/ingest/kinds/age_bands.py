"""Age bands as people write them: which texts are one, and which of a stock overlap."""

import polars as pl

OLDEST = 150
EXPECTED = "expected an age band such as 0-17, 18 t/m 64, 65+, <18 or all"
YEARS = r"(?:\s*(?:jaar|jr|years?))?"
RANGE = rf"^(\d{{1,3}}){YEARS}\s*(?:-|\u2013|t/m|tot en met|to)\s*(\d{{1,3}}){YEARS}$"
FROM = rf"^(\d{{1,3}}){YEARS}\s*(?:\+|en ouder|e\.?o\.?|and over|plus)$"
UNDER = rf"^<\s*(\d{{1,3}}){YEARS}$"
SINGLE = rf"^(\d{{1,3}}){YEARS}$"
EVERY = r"^(?:\*|all|alle|alles|totaal|total|onbekend|unknown|none|geen)$"


def is_no_band(column: str = "age_band") -> pl.Expr:
    """Whether a text names no ages, or ages that run backwards."""
    low, high = _low(column), _high(column)
    backwards = (low > high) | (high > OLDEST)
    nameless = low.is_null() & ~_text(column).str.contains(EVERY)
    return nameless | backwards.fill_null(value=False)


def overlaps(stock: tuple[str, ...], column: str = "age_band") -> pl.Expr:
    """Whether bands of the same stock overlap; those of all ages stand beside others.

    Bands in order of their youngest age overlap when one begins before the one before it
    ends.
    """
    low, high = _low(column).alias("low"), _high(column).alias("high")
    known = _low(column).is_not_null() & ~is_no_band(column)
    named = pl.when(known).then(pl.struct(low, high))
    band = pl.element().struct
    begins, ended = band.field("low"), band.field("high").shift(1)
    # Each band once per stock: a stock has few, and many rows.
    bands = named.unique().drop_nulls().sort().implode()
    apart = bands.list.eval((begins <= ended).any()).list.first()
    return apart.over(stock).fill_null(value=False) & known


def _text(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase()


def _number(column: str, pattern: str, group: int) -> pl.Expr:
    return _text(column).str.extract(pattern, group).cast(pl.Int32, strict=False)


def _low(column: str) -> pl.Expr:
    under = pl.when(_number(column, UNDER, 1) > 0).then(0)
    return pl.coalesce(
        _number(column, RANGE, 1),
        _number(column, FROM, 1),
        _number(column, SINGLE, 1),
        under,
    )


def _high(column: str) -> pl.Expr:
    above = pl.when(_number(column, FROM, 1).is_not_null()).then(OLDEST)
    return pl.coalesce(
        _number(column, RANGE, 2),
        above,
        _number(column, SINGLE, 1),
        _number(column, UNDER, 1) - 1,
    )
