"""Rules and prices of an instance that has only those of its own file."""

from staffing.rules import LabourRules, RosterPolicy

FREE_RULES = LabourRules(
    max_shift_hours=24,
    max_week_hours=168,
    daily_rest_hours=0,
    short_rest_hours=0,
    short_rest_days=1,
    weekly_rest_hours=0,
    fortnight_rest_hours=0,
    fortnight_part_hours=0,
    breaks=(),
    sunday_work=True,
    free_sundays=0,
    day_window_from_hour=0,
    day_window_to_hour=24,
    notice_days=0,
    notice_hours_days=0,
    source={"benchmark": "only the rules of the file hold"},
)

NO_PRICES = RosterPolicy(
    start_grid_minutes=15,
    shift_hours=(8.0,),
    opening_margin_minutes=0,
    break_minutes=30,
    break_earliest_hour=0,
    break_latest_hour=24,
    break_part_hours=1,
    minimum_block_minutes=15,
    price_late_contact=0,
    price_short_quarter=0,
    price_short_deferrable_quarter=0,
    price_short_block=0,
    price_hour=0,
    price_presence_quarter=0,
    price_wish=0,
    price_uneven_shift=0,
    price_change=0,
    price_change_affected=0,
    late_after_hour=24,
    evening_after_hour=24,
    relative_gap=1e-6,
    time_limit_s=60,
)
