"""Propose the location and the product of contacts, with the texts found for each."""

from collections.abc import Iterable

import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.ingest.checking import LIKE_A_PERSON
from forecasting.ingest.proposals.guessing import (
    guess_channel,
    guess_product,
    plain_name,
)
from forecasting.ingest.proposals.proposal import Guess, ProposedField, Setting
from forecasting.ingest.proposals.sniffing import Column, Sniffed
from forecasting.ingest.proposals.vocabulary import find

FEW = 20
MOST_PLACES = 100
MOST_PRODUCTS = 200
JOIN = " | "
LAST_OF_ADDRESS = "([^/]+)/?$"

Proposed = tuple[dict[str, ProposedField], dict[str, Guess]]
"""Fields and constants, of which one is empty."""


def propose_location(columns: Iterable[Column]) -> Proposed:
    """The column of places with a plain name for each, or one place for all."""

    def few(column: Column) -> bool:
        return not column.is_number and len(column.distinct) <= MOST_PLACES

    place = find("location", [c for c in columns if c.timing is None], few)
    if place is None:
        return {}, {"location": Guess("stadhuis", sure=False)}
    values = {text: Guess(plain_name(text)) for text in sorted(place.distinct)}
    return {"location": ProposedField({"column": place.name}, values)}, {}


def propose_product(
    found: Sniffed, channel: str, catalogue: Catalogue, measures: tuple[str, ...]
) -> Proposed:
    """The column of products, each guessed from the catalogue, or one product for all."""
    if measures:
        return _of_texts({"column": "measure"}, list(measures), channel, catalogue), {}
    texts = [c for c in found.readable if not c.is_number and c.timing is None]
    product = find("product", texts, _names_few)
    if product is None:
        about = " ".join([found.file.stem, *found.rows.columns])
        guess, _ = guess_product(about, channel, catalogue)
        return {}, {"product": Guess(guess, sure=False)}
    by_channel = find("channel", texts, lambda c: guess_channel(c.texts[0]) is not None)
    columns = (product.name, by_channel.name) if by_channel else (product.name,)
    settings: dict[str, Setting] = (
        {"columns": columns, "join": JOIN} if by_channel else {"column": product.name}
    )
    if product.texts.str.starts_with("http").all() and not by_channel:
        settings["extract"] = LAST_OF_ADDRESS
    seen = _seen(found.rows, columns)
    if "extract" in settings:
        seen = seen.str.extract(LAST_OF_ADDRESS, 1)
    return _of_texts(settings, seen.to_list(), channel, catalogue), {}


def _names_few(column: Column) -> bool:
    """Whether texts come again and again: names of products, not what people wrote."""
    kinds = len(column.distinct)
    return not column.is_clock and (kinds <= FEW or 2 * kinds <= column.texts.len())


def _seen(rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.Series:
    """The texts of columns joined, as they occur together, the most frequent first.

    Texts that could say something of a person are not repeated.
    """
    texts = [pl.col(name).cast(pl.String).str.strip_chars() for name in columns]
    joined = pl.concat_str(texts, separator=JOIN).alias("text")
    plain = ~pl.col("text").str.contains(LIKE_A_PERSON)
    counts = rows.select(joined).filter(plain).group_by("text").len()
    return counts.sort("len", "text", descending=[True, False])["text"]


def _of_texts(
    settings: dict[str, Setting], texts: list[str], channel: str, catalogue: Catalogue
) -> dict[str, ProposedField]:
    listed, rest = sorted(texts[:MOST_PRODUCTS]), texts[MOST_PRODUCTS:]
    values = {}
    for text in listed:
        own = guess_channel(text.rsplit(JOIN)[-1]) if JOIN in text else None
        product, sure = guess_product(text, own or channel, catalogue)
        values[text] = Guess(product, sure)
    if rest:
        settings["otherwise"], _ = guess_product("", channel, catalogue)
    note = f"{len(rest)} rarer texts are not listed" if rest else None
    return {"product": ProposedField(settings, values, note)}
