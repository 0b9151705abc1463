"""A replayed log in words and as figures."""

from dataclasses import asdict
from math import isfinite

from forecasting.runs import Figures
from staffing.simulation.call_log.comparing import JUDGED, Share
from staffing.simulation.call_log.replayed import LogReplay


def in_words(replay: LogReplay, threshold_s: float) -> str:
    """The replay as a small table of lines."""
    log, found, queue = replay.log, replay.comparison, replay.behaviour
    left_out = "; ".join(f"{reason} {rows}" for reason, rows in log.left_out.items())
    width = max(len(name) for name in found.errors)
    lines = [
        f"Log: {log.rows} rows, {log.calls.height} calls. "
        f"Left out: {left_out or 'none'}.",
        f"Fitted on {replay.fitted}: agents ready {queue.readiness:.1%} of the time "
        f"online, patience {queue.patience_s:.0f} s "
        f"(measured {replay.patience_s:.0f} s), handling cv {queue.handling_cv:.2f} "
        f"(measured {replay.handling_cv:.2f}).",
        *_more_than_online(queue.readiness),
        f"Predicted {replay.predicted}: {found.slots} slots of {JUDGED} calls or more, "
        f"{found.calls} calls.",
        "",
        f"{'':<22}  predicted (middle 80%)   observed   slots within",
        _row(f"within {threshold_s:g} seconds", found.in_time),
        _row("given up", found.given_up),
        "",
        f"Mean absolute error of the share within {threshold_s:g} seconds per slot:",
        *(
            f"  {name:<{width}}  {error:6.2%}{_factor(replay, name)}"
            for name, error in found.errors.items()
        ),
    ]
    return "\n".join(lines)


def as_figures(replay: LogReplay) -> Figures:
    """The replay for programs: counts per slot, no person."""
    rows = replay.slots.with_columns(start=replay.slots["start"].dt.to_string("iso"))
    return {
        "rows": replay.log.rows,
        "calls": replay.log.calls.height,
        "left_out": dict(replay.log.left_out),
        "fit": str(replay.fitted),
        "predict": str(replay.predicted),
        "fitted": asdict(replay.behaviour),
        "measured": {
            "patience_s": replay.patience_s if isfinite(replay.patience_s) else None,
            "handling_cv": replay.handling_cv,
        },
        "comparison": asdict(replay.comparison),
        "slots": rows.to_dicts(),
    }


def _more_than_online(readiness: float) -> list[str]:
    """A word of doubt where more people took calls than the log names."""
    if readiness <= 1:
        return []
    return [
        "Readiness over 100% means that more people answered than the log names: "
        "do several share one code, or have rows no code?"
    ]


def _row(name: str, share: Share) -> str:
    middle = f"({share.low:.1%} to {share.high:.1%})"
    return (
        f"{name:<22}  {share.predicted:6.1%} {middle:<17} "
        f"{share.observed:8.1%} {share.covered:14.1%}"
    )


def _factor(replay: LogReplay, name: str) -> str:
    formula, _, scaled = name.partition(", ")
    factor = replay.comparison.factors.get(formula)
    return f"  (agents x {factor:g})" if scaled and factor is not None else ""
