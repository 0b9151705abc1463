"""What replications of a simulation say: estimates with 95% confidence intervals."""

from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import stdtrit

from forecasting.errors import InputError
from staffing.simulation.slot_estimates import SlotEstimates

Floats = NDArray[np.float64]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean over replications and its 95% confidence interval."""

    mean: float
    low: float
    high: float

    def as_figure(self) -> dict[str, float]:
        """The three numbers by name, as figures of a run hold them."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Simulation:
    """Replications of one or more stretches of slots.

    The counts are arrays of replications x slots; `abandoned_within` gave up within the
    threshold; `waited_s` and `busy_s` are seconds summed over contacts, `staffed_s`
    seconds of agents per slot. What was offered and neither answered nor abandoned was
    still there at the end (or, in a network, was told to be called back).
    """

    offered: Floats
    answered: Floats
    abandoned: Floats
    within: Floats
    abandoned_within: Floats
    waited_s: Floats
    busy_s: Floats
    staffed_s: Floats

    @classmethod
    def join(cls, parts: "list[Simulation]") -> "Simulation":
        """Simulations of the same number of replications, one after the other."""
        names = [field.name for field in fields(cls)]
        joined = (
            np.concatenate([getattr(part, name) for part in parts], axis=1)
            for name in names
        )
        return cls(*joined)

    def part(self, slots: NDArray[np.int64]) -> "Simulation":
        """Some of the slots, by number."""
        names = [field.name for field in fields(self)]
        return Simulation(*(getattr(self, name)[:, slots] for name in names))

    @classmethod
    def of_counts(cls, counts: Floats, staffed_s: Floats) -> "Simulation":
        """Counts by replication, slot and measure (in the order of the fields)."""
        offered, answered, abandoned, within, early, waited_s, busy_s = np.moveaxis(
            counts, 2, 0
        )
        present = np.broadcast_to(staffed_s, offered.shape)
        return cls(
            offered, answered, abandoned, within, early, waited_s, busy_s, present
        )

    @property
    def slots(self) -> pl.DataFrame:
        """Estimates per slot, typed `SlotEstimates`."""
        shown = {
            "offered": _mean(self.offered),
            "answered": _mean(self.answered),
            "abandoned": _mean(self.abandoned),
            "within": _mean(self.within),
            "within_share": _ratio(self.within, self.offered),
            "mean_wait_s": _ratio(self.waited_s, self.offered),
            "occupancy": _ratio(self.busy_s, self.staffed_s),
        }
        columns: dict[str, NDArray[np.int64] | Floats] = {
            "slot": np.arange(self.offered.shape[1])
        }
        for name, (middle, half) in shown.items():
            columns |= {name: middle, f"{name}_low": middle - half}
            columns |= {f"{name}_high": middle + half}
        return SlotEstimates.validate(pl.DataFrame(columns).fill_nan(None))

    def counted(self, abandoned: str) -> "Simulation":
        """The same with those who gave up counted in `offered` and `within` as asked.

        `late`: offered and not in time; `left_out`: not counted; `short_left_out`: not
        counted if they gave up within the threshold; `in_time`: in time if they did.

        Raises:
            InputError: another treatment is asked for.
        """
        early, offered = self.abandoned_within, self.offered
        treatments = {
            "late": (self.within, offered),
            "left_out": (self.within, offered - self.abandoned),
            "short_left_out": (self.within, offered - early),
            "in_time": (self.within + early, offered),
        }
        if abandoned not in treatments:
            known = ", ".join(treatments)
            raise InputError(f"expected abandoned as {known}, came '{abandoned}'")
        within, offered = treatments[abandoned]
        return replace(self, within=within, offered=offered)

    @property
    def within_shares(self) -> Floats:
        """Share within the threshold per replication; those without contacts left out."""
        offered = self.offered.sum(axis=1)
        some = offered > 0
        shares: Floats = self.within.sum(axis=1)[some] / offered[some]
        return shares

    @property
    def overall(self) -> "Overall":
        """Estimates over all slots together."""
        total = {
            f.name: getattr(self, f.name).sum(axis=1)[:, None] for f in fields(self)
        }
        offered = total["offered"]
        return Overall(
            offered=_estimate(_mean(offered)),
            answered=_estimate(_mean(total["answered"])),
            abandoned=_estimate(_mean(total["abandoned"])),
            within=_estimate(_mean(total["within"])),
            within_share=_estimate(_ratio(total["within"], offered)),
            abandoned_share=_estimate(_ratio(total["abandoned"], offered)),
            mean_wait_s=_estimate(_ratio(total["waited_s"], offered)),
            occupancy=_estimate(_ratio(total["busy_s"], total["staffed_s"])),
        )


@dataclass(frozen=True)
class Overall:
    """Estimates over a whole simulation; shares and waits are per offered contact.

    Without any contact, shares and waits are not-a-number.
    """

    offered: Estimate
    answered: Estimate
    abandoned: Estimate
    within: Estimate
    within_share: Estimate
    abandoned_share: Estimate
    mean_wait_s: Estimate
    occupancy: Estimate


def _mean(values: Floats) -> tuple[Floats, Floats]:
    """Mean and half width of its interval per column (Student's t)."""
    replications = values.shape[0]
    if replications == 1:
        return values[0], np.zeros(values.shape[1])
    quantile = float(stdtrit(replications - 1, (1 + CONFIDENCE) / 2))
    error = values.std(axis=0, ddof=1) / np.sqrt(replications)
    return values.mean(axis=0), quantile * error


def _ratio(part: Floats, whole: Floats) -> tuple[Floats, Floats]:
    """Ratio of means per column with its interval by the delta method; else nan."""
    below = whole.mean(axis=0)
    below = np.where(below > 0, below, np.nan)
    ratio = part.mean(axis=0) / below
    return ratio, _mean(part - ratio * whole)[1] / below


def _estimate(pair: tuple[Floats, Floats]) -> Estimate:
    middle, half = float(pair[0][0]), float(pair[1][0])
    return Estimate(middle, middle - half, middle + half)
