"""Find citizen service numbers (BSN) by their 11-test, alone or within a text."""

import polars as pl

FEW = 3
"""From this many values on a pattern is no chance."""

MANY = 20
DATE = r"^\d{1,2}[-. ]\d{1,2}[-. ]\d{4}$|^\d{4}[-. ]\d{1,2}[-. ]\d{1,2}$"
PLAIN_DATE = (
    r"^(19[5-9]\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$|"
    r"^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19[5-9]\d|20\d\d)$"
)
WHOLE = r"^\D*(\d{8,9})$"
ALONE = r"^(?i:\s*bsn\W*)?[\d.\s-]+$"
WITHIN = r"\b\d{9}\b|\b\d{4}\.\d\d\.\d{3}\b|\b\d{3}[ .-]\d{3}[ .-]\d{3}\b"
PROSE = r"\p{L}\S*\s.*\s"
"""At least three words."""


def holds_bsn(values: pl.Series) -> bool:
    """Whether distinct texts hold numbers that pass the 11-test of a BSN, beyond chance.

    Digits weigh 9, 8, ... 2 and the last -1; the sum is a multiple of 11. A number of
    eight digits has lost its leading zero. One in eleven numbers passes by accident: a
    third of many is no accident, nor is most of a few. One or two numbers must be
    whole, stand alone, and must all pass.
    """
    plain = values.filter(~values.str.contains(DATE)).str.replace(r"\.0+$", "")
    if 2 * plain.str.contains(PLAIN_DATE).sum() > values.len():
        return False
    few = values.len() < FEW
    if few:
        plain = plain.filter(plain.str.contains(ALONE))
    whole = plain.str.replace_all(r"[.\s-]", "").str.extract(WHOLE).drop_nulls()
    if few:
        whole = whole.filter(whole.str.len_chars() == 9)
    return _beyond_chance(_passes(whole.str.zfill(9)), values.len())


def mentions_bsn(values: pl.Series) -> bool:
    """Whether texts hold such numbers among their words, beyond chance.

    One or two numbers must stand in prose, and must all pass.
    """
    found = _numbers_within(values)
    if found.len() < FEW:
        found = _numbers_within(values.filter(values.str.contains(PROSE)))
    return found.len() > 0 and _beyond_chance(_passes(found), found.len())


def _numbers_within(texts: pl.Series) -> pl.Series:
    found = texts.str.extract_all(WITHIN).explode(empty_as_null=True).drop_nulls()
    return found.str.replace_all(r"[ .-]", "").unique()


def _beyond_chance(passed: int, among: int) -> bool:
    if among < FEW:
        return passed == among
    return passed >= FEW and passed > among * (1 / 3 if passed >= MANY / 3 else 1 / 2)


def _passes(whole: pl.Series) -> int:
    """How many texts of nine digits pass the 11-test."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    digits = [whole.str.slice(place, 1).cast(pl.Int64) for place in range(9)]
    total = sum(
        (digit * weight for digit, weight in zip(digits, weights, strict=True)),
        start=pl.zeros(whole.len(), dtype=pl.Int64, eager=True),
    )
    return int(((total % 11 == 0) & (whole.cast(pl.Int64) > 0)).sum())
