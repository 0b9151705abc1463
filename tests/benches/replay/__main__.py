"""Replays cuts of a real month and made-up centres; prints how each was predicted.

`make bench NAME=replay` needs some minutes. A path to another month's log may be given:
`python -m tests.benches.replay FILE`.
"""

import sys
from pathlib import Path

import polars as pl

from forecasting.policy import load_policy
from staffing.simulation.call_log.comparing import Comparison, Setting, compare
from staffing.simulation.call_log.layout import CallLogLayout
from staffing.simulation.call_log.reading import read_calls
from staffing.simulation.call_log.slots import by_slot
from staffing.simulation.replaying import predict
from staffing.simulation.timeline import OBSERVED
from tests.benches.replay.splits import SPLITS, days
from tests.benches.replay.worlds import SLOT_S, THRESHOLD_S, WORLDS, lived

ROOT = Path(__file__).resolve().parents[3]
LOG = ROOT.parent / "shared" / "data" / "phone" / "call_log_1999_01.csv"
SEEDS = (1, 2, 3)
HEADS = (
    "slots", "MAE", "C", "C sc.", "A", "A sc.", "const.", "floor", "MAE/best",
    "covered", "in time", "given up",
)  # fmt: skip


def judged(past: pl.DataFrame, coming: pl.DataFrame, patience_s: float) -> Comparison:
    """The comparison of one fitted and one predicted stretch."""
    unseen = coming.drop(OBSERVED)
    told = predict(unseen, past, threshold_s=THRESHOLD_S, seed=1)
    setting = Setting(SLOT_S, THRESHOLD_S, patience_s, 1)
    return compare(told, coming, past, setting)


def line(name: str, found: Comparison) -> str:
    """One comparison; gaps of totals are predicted less observed, in points."""
    errors = found.errors
    best = min(errors["Erlang C, scaled"], errors["Erlang A, scaled"])
    shown = ("replay", "Erlang C", "Erlang C, scaled", "Erlang A", "Erlang A, scaled")
    told = [f"{errors[name]:.4f}" for name in (*shown, "constant", "noise floor")]
    gaps = [
        f"{100 * (share.predicted - share.observed):+.1f}"
        for share in (found.in_time, found.given_up)
    ]
    cells = [
        str(found.slots), *told, f"{errors['replay'] / best:.3f}",
        f"{found.in_time.covered:.3f}", *gaps,
    ]  # fmt: skip
    return row(name, cells)


def row(name: str, cells: "list[str] | tuple[str, ...]") -> str:
    """A line of the table."""
    return f"{name:<32}" + "".join(f"{cell:>10}" for cell in cells)


def real(file: Path) -> None:
    """Every cut of a month's log."""
    layout = load_policy(ROOT / "config" / "call_log.toml", CallLogLayout)
    calls = read_calls(file, layout).calls
    slots = by_slot(calls, SLOT_S, THRESHOLD_S)
    for name, (fit, asked) in SPLITS.items():
        past, coming = (
            slots.filter(pl.col("start").dt.day().is_in(sorted(days(part))))
            for part in (fit, asked)
        )
        known = calls.filter(pl.col("arrival").dt.day().is_in(sorted(days(fit))))
        left = known["answered"].count() - int(known["answered"].sum())
        patience_s = float(known["wait_s"].to_numpy().sum()) / left
        print(line(name, judged(past, coming, patience_s)), flush=True)  # noqa: T201


def made_up() -> None:
    """Every made-up centre, 15 days fitted and 12 predicted, for some seeds."""
    for name, world in WORLDS.items():
        for seed in SEEDS:
            past, coming = lived(world, 15, seed), lived(world, 12, seed + 50)
            found = judged(past, coming, world.patience_s)
            print(line(f"{name}, seed {seed}", found), flush=True)  # noqa: T201


def main() -> None:
    """The real month where it is there, and the made-up centres."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else LOG
    print(row("", HEADS))  # noqa: T201
    if file.exists():
        real(file)
    else:
        print(f"no log: {file}")  # noqa: T201
    made_up()


if __name__ == "__main__":
    main()
