"""Counts under keys with the sums between them: which may be told is worked out together."""

from dataclasses import dataclass, field

import numpy as np

from staffing.reminders.batches.disclosure import Sum, hidden

Key = tuple[object, ...]


@dataclass
class CountTable:
    """Counts under keys, with the sums between them and what each costs to hide."""

    counts: dict[Key, int] = field(default_factory=dict)
    prices: dict[Key, float] = field(default_factory=dict)
    sums: list[tuple[Key, list[Key]]] = field(default_factory=list)

    def add(self, key: Key, count: int, price: float = 1.0) -> Key:
        """Put a count under a key; gives the key."""
        self.counts[key] = count
        self.prices[key] = price * (1 + count)
        return key

    def total(self, key: Key, parts: list[Key], price: float = 1.0) -> Key:
        """Put the sum of other counts under a key; gives the key."""
        self.sums.append((key, parts))
        return self.add(key, sum(self.counts[part] for part in parts), price)

    def hidden(self, threshold: int) -> set[Key]:
        """The keys of counts that may not be told."""
        place = {key: number for number, key in enumerate(self.counts)}
        sums = [
            Sum(place[total], tuple(place[part] for part in parts))
            for total, parts in self.sums
        ]
        counts = np.array(list(self.counts.values()), dtype=np.int64)
        prices = np.array(list(self.prices.values()), dtype=np.float64)
        left_out = hidden(counts, sums, threshold, prices)
        return {
            key for key, is_out in zip(self.counts, left_out, strict=True) if is_out
        }
