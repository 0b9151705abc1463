"""Figures of a simulated week, as a run tells them."""

SIMULATE: dict[str, object] = {
    "within_25s": {"mean": 0.831, "low": 0.822, "high": 0.840},
    "weeks": {"q10": 0.76, "q90": 0.89},
    "skills": {
        "phone": {
            "within_target": {"mean": 0.831, "low": 0.822, "high": 0.840},
            "abandoned_share": {"mean": 0.031, "low": 0.02, "high": 0.04},
            "mean_wait_s": {"mean": 14.2, "low": 12.0, "high": 16.0},
            "occupancy": 0.74,
            "weeks": {"q10": 0.76, "q90": 0.89},
            "weeks_on_target": 0.71,
            "reasons": {"chance": 0.4, "absence": 0.35, "forecast": 0.25},
            "after_closing_minutes": 12.0,
            "target": 0.8,
            "threshold_s": 25.0,
        },
        "counter": {
            "within_target": {"mean": 0.874, "low": 0.861, "high": 0.887},
            "abandoned_share": {"mean": 0.0, "low": 0.0, "high": 0.0},
            "mean_wait_s": {"mean": 246.0, "low": 222.0, "high": 270.0},
            "occupancy": 0.81,
            "weeks": {"q10": 0.81, "q90": 0.93},
            "weeks_on_target": 0.38,
            "reasons": {"chance": 0.3, "absence": 0.5, "forecast": 0.2},
            "after_closing_minutes": 85.0,
            "target": 0.9,
            "threshold_s": 900.0,
        },
    },
}
