"""The seeded draw of documents: the same for a reference whenever and wherever it is made.

A reference draws two numbers in [0, 1), from the first 13 hexadecimal digits of the
SHA-256 of `SEED:WORD:SERVICE:REFERENCE`, divided by 16 to the power 13. By the number of
the word `arm` it is held out for good, where that lies below the share held out. By the
number of the word `order` documents of a cohort are taken, the lowest first.
"""

from typing import Literal

import polars as pl
import polars_hash  # noqa: F401  (gives expressions the names under `chash`)

DIGITS = 13
"""Of a hexadecimal hash: 52 bits, which a float holds exactly."""

RULE = (
    "A document draws a number: the first 13 hexadecimal digits of the SHA-256 of "
    "SEED:WORD:SERVICE:REFERENCE (UTF-8), divided by 16^13. By the word 'arm' it is held "
    "out for good where its number lies below the share, and never gets a letter. By the "
    "word 'order' the lowest numbers of a row are taken first, of letters among documents "
    "not held out, of the comparison group among those held out."
)
"""The draw in words, for a registry that makes it itself."""


def draw(seed: int, word: Literal["arm", "order"]) -> pl.Expr:
    """A number in [0, 1) for each row, of the columns `service` and `reference`."""
    text = pl.concat_str(pl.lit(f"{seed}:{word}:"), "service", pl.lit(":"), "reference")
    hashed: pl.Expr = text.chash.sha2_256()  # type: ignore[attr-defined]  # by polars_hash
    digits = hashed.str.head(DIGITS).str.to_integer(base=16)
    return digits.cast(pl.Float64) / 16.0**DIGITS


def is_held_out(seed: int, share: float) -> pl.Expr:
    """Whether the document of each row is kept without letters, in every batch."""
    return draw(seed, "arm") < share
