"""Rows of the board: what each promise and team came to, and what holds it back."""

from dashboard.charts.tables import Cell
from dashboard.pages import board_kept
from dashboard.pages.board_row import Row
from dashboard.pages.view import View, read
from dashboard.pages.weeks import WEEKS_AHEAD
from dashboard.queries import board, chain, load
from dashboard.queries.realised import Realised
from forecasting.records import RunRecord

MOST_ROWS = 13
"""So many fit on one printed page."""


def rows(view: View) -> tuple[list[Row], int]:
    """The rows that fit on the page, and how many teams are left out."""
    kept = board_kept.kept(view)
    served, places = _served_rows(view, kept), _places(view, kept)
    measured = board_kept.rows(view, kept, [*served, *places])
    found = [*served, *places, *measured, *_single_rows(view)]
    teams, left = _team_rows(view, MOST_ROWS - len(found))
    return [*found, *teams], left


def _served_rows(view: View, kept: board_kept.Kept) -> list[Row]:
    run = chain.newest_run(view.workspace, "simulate")
    if run is None:
        return []
    names = board_kept.OF_SKILL
    return [
        _served(view, run, one, kept.get(names.get(one.skill, "")))
        for one in board.promises(run)
    ]


def _served(
    view: View, run: RunRecord, one: board.Served, came: Realised | None
) -> Row:
    words = view.words
    within = words(
        "slots.within",
        share=words.share(one.target),
        time=words.duration(one.threshold_s),
    )
    return Row(
        f"promise/{one.skill}",
        Cell(words.named("skill", one.skill), words("board.asked", norm=within)),
        words.short_week(board.week_of(run)),
        Cell(
            words(
                "board.met" if one.is_met else "board.missed",
                share=words.share(one.share.mean, 1),
            ),
            _with(_sureness(view, one), board_kept.beside(view, came)),
            "calm" if one.is_met else "over",
        ),
        _short(view, run, one.skill),
    )


def _with(expected: str, came: str) -> str:
    """What is expected, and what came in the newest week where that is known."""
    return "; ".join(text for text in (expected, came) if text)


def _sureness(view: View, one: board.Served) -> str:
    words = view.words
    ends = {"low": one.share.low, "high": one.share.high}
    text = words(
        "overview.interval",
        **{name: words.share(value, 1) for name, value in ends.items()},
    )
    if one.wait_s is None:
        return text
    return f"{text}; {words('board.wait', wait=words.wait(one.wait_s.mean))}"


def _short(view: View, simulated: RunRecord, skill: str) -> str:
    """Where the roster of the simulated week has too few people for a task."""
    words, week = view.words, simulated.parameters["week"]
    run = chain.newest_run(view.workspace, "roster", week=week)
    if run is None:
        return words("missing")
    quarters, worst = read(view, board.short, run, skill, view.zone)
    if worst is None:
        return words("board.none_short")
    return words.many(
        "board.short",
        quarters,
        place=words.named("location", worst.location),
        day=words.short_day(worst.day),
        worst=worst.quarters,
    )


def _single_rows(view: View) -> list[Row]:
    return [row for row in (_letters(view), _forecast(view)) if row is not None]


def _places(view: View, kept: board_kept.Kept) -> list[Row]:
    run = chain.newest_run(view.workspace, "agenda")
    told = None if run is None else board.promise_of_places(run)
    return [] if told is None else [_opened(view, told, kept.get(board_kept.OF_AGENDA))]


def _opened(view: View, told: board.Promise, came: Realised | None) -> Row:
    words = view.words
    ends = (told.first, board.last_week(told.first, told.weeks))
    kept, promised = words.number(told.kept), words.number(told.promised)
    return Row(
        board_kept.AGENDA,
        Cell(words("board.agenda"), words("board.agenda_note")),
        "\N{EN DASH}".join(words.short_week(day) for day in ends),
        Cell(
            words("board.days_kept", kept=kept, promised=promised),
            board_kept.beside(view, came),
            "calm" if told.kept >= told.promised else "near",
        ),
        _unkept(view, told),
    )


def _unkept(view: View, told: board.Promise) -> str:
    words, worst = view.words, told.worst
    if worst is None:
        return words("board.all_kept")
    step = words.named("step_of_service", worst.step).lower()
    return words(
        "board.unkept",
        product=f"{words.service(worst.service)}, {step}",
        place=words.named("location", worst.location),
        days=words.number(worst.days),
        limit=words(f"agenda.limit_{worst.limit}"),
    )


def _letters(view: View) -> Row | None:
    words, run = view.words, chain.newest_run(view.workspace, "reminders")
    planned = chain.figure(run, "letters_planned")
    if run is None or planned is None:
        return None
    ends = [chain.figure_week(run, "peak_week", end) for end in ("before", "after")]
    weeks = dict.fromkeys(words.short_week(end) for end in ends if end is not None)
    before, after = (
        words.number(chain.figure(run, "peak_load_hours", end))
        for end in ("before", "after")
    )
    over = chain.figure(run, "weeks_over_capacity", "after")
    return Row(
        "promise/letters",
        Cell(words("board.letters"), words("board.letters_note")),
        " \N{RIGHTWARDS ARROW} ".join(weeks) or words("missing"),
        Cell(
            words("board.busiest", before=before, after=after),
            words("board.planned", letters=words.number(planned)),
        ),
        words("missing") if over is None else _counted(view, "board.weeks_over", over),
    )


def _counted(view: View, key: str, count: float) -> str:
    """A label for a count, with words of its own for none."""
    if not round(count):
        return view.words(f"{key}_none")
    return view.words.many(key, round(count))


def _forecast(view: View) -> Row | None:
    words, run = view.words, chain.newest_run(view.workspace, "forecast")
    ours, naive = (chain.figure(run, name) for name in ("wape", "wape_last_year"))
    if run is None or ours is None:
        return None
    since = chain.figure_week(run, "held_back_from")
    warned = chain.figure(run, "forecast_warnings")
    return Row(
        "promise/forecast",
        Cell(words("board.forecast"), words("board.forecast_note")),
        words("missing")
        if since is None
        else words("board.since", day=words.day(since)),
        Cell(
            words("board.error", share=words.share(ours, 1)),
            words("overview.naive", naive=words.share(naive, 1)),
            "calm" if naive is not None and ours <= naive else "near",
        ),
        words("board.unproven")
        if warned is None
        else _counted(view, "board.warned", warned),
    )


def _team_rows(view: View, most: int) -> tuple[list[Row], int]:
    run = chain.newest_run(view.workspace, "requirement")
    if run is None:
        return [], 0
    first = view.this_week
    found, every = read(
        view, board.teams, run, first=first, weeks=WEEKS_AHEAD, most=max(most, 0)
    )
    return [_team(view, team) for team in found], every - len(found)


def _team(view: View, team: board.Team) -> Row:
    words, peak = view.words, team.peak
    full = words("board.hours", hours=words.hours(team.hours))
    if team.share is not None:
        full = words("board.full", share=words.share(team.share))
    return Row(
        f"team/{team.location}/{team.skill}",
        Cell(
            words.named("skill", team.skill),
            words("board.team", place=words.named("location", team.location)),
        ),
        words.short_week(team.week),
        Cell(
            full, tone="over" if team.share is not None and team.share > 1 else "plain"
        ),
        words("board.no_peak") if peak is None else _peak(view, peak),
    )


def _peak(view: View, peak: load.Peak) -> str:
    words = view.words
    week = words.week(peak.week)
    if peak.over is None:
        return words("board.peak_unknown", week=week)
    return words("board.peak", week=week, hours=words.number(peak.over))
