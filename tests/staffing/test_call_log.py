"""A call log is read with its faults, counted into slots, and replayed by a command."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.policy import load_policy
from staffing.simulation.call_log import replay_log
from staffing.simulation.call_log.layout import CallLogLayout
from staffing.simulation.call_log.reading import CallLog, read_calls
from staffing.simulation.call_log.replayed import LogReplay
from staffing.simulation.call_log.reporting import as_figures, in_words
from staffing.simulation.call_log.slots import by_slot, online
from tests.staffing.call_log_cases import WRONG, made_up_rows, write_log
from tests.typed import typed

LAYOUT = load_policy(
    Path(__file__).resolve().parents[2] / "config" / "call_log.toml", CallLogLayout
)
FIT, PREDICT = "2026-03-02..2026-03-06", "2026-03-07..2026-03-09"
ROWS = made_up_rows()


def read(file: Path, rows: list[dict[str, str]]) -> CallLog:
    return read_calls(write_log(file, rows), LAYOUT)


def replayed(
    file: Path, *, fit: str | None = FIT, predict: str | None = PREDICT
) -> LogReplay:
    return replay_log(
        file, LAYOUT, fit=fit, predict_days=predict, threshold_s=25, slot_minutes=30,
        seed=3,
    )  # fmt: skip


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_log(tmp_path_factory.mktemp("log") / "calls.csv", ROWS)


@pytest.fixture(scope="module")
def told(log: Path) -> LogReplay:
    return replayed(log)


def test_each_wrong_row_is_left_out_for_its_own_reason(tmp_path: Path) -> None:
    right = ROWS[0] | {"outcome": "AGENT", "q_start": "9:00:00"}
    wrong = [
        right | {"call_id": reason} | change
        for reason, change in WRONG.items()
        if reason != "call id for the second time"
    ]
    told = read(tmp_path / "log.csv", [right, *wrong, right])
    assert told.left_out == dict.fromkeys(sorted(WRONG), 1)
    assert (told.rows, told.calls.height) == (2 + len(wrong), 1)


def test_spells_of_work_count_the_people_online(tmp_path: Path) -> None:
    """Two calls 10 minutes apart are one spell, 20 minutes apart are two."""
    calls = [
        ("A", "10:00:00", 300), ("A", "10:15:00", 300),
        ("B", "10:00:00", 600), ("B", "10:30:00", 600),
    ]  # fmt: skip
    rows = [
        ROWS[0]
        | {
            "call_id": f"{who}{start}", "vru_exit": start, "q_time": "0", "server": who,
            "outcome": "AGENT", "ser_start": start, "ser_time": str(lasts),
        }
        for who, start, lasts in calls
    ]  # fmt: skip
    told = online(read(tmp_path / "log.csv", rows).calls, 1800).sort("start")
    assert told["agents"].to_list() == pytest.approx([(20 + 10) / 30, 10 / 30])


def test_a_call_answered_after_midnight_ends_the_next_day(tmp_path: Path) -> None:
    row = ROWS[0] | {
        "vru_exit": "23:59:30", "q_start": "23:59:30", "q_time": "60", "server": "A",
        "outcome": "AGENT", "ser_start": "0:00:30", "ser_time": "600",
    }  # fmt: skip
    calls = read(tmp_path / "log.csv", [row]).calls
    assert calls["answer"][0] - calls["arrival"][0] == timedelta(minutes=1)


def test_slots_add_up_to_the_calls(log: Path) -> None:
    calls = read_calls(log, LAYOUT).calls
    slots = by_slot(calls, 1800, 25)
    assert slots["offered"].sum() == calls.height
    assert slots["abandoned"].sum() == (~calls["answered"]).sum()
    in_time = calls.filter(pl.col("answered") & (pl.col("wait_s") <= 25)).height
    assert slots["answered_in_time"].sum() == in_time
    assert slots["start"].is_sorted()


def test_agents_leave_no_trace(told: LogReplay) -> None:
    words = in_words(told, 25) + json.dumps(as_figures(told))
    assert "secret" not in words
    assert "agent" not in told.slots.columns


def test_waits_of_the_predicted_days_do_not_change_the_prediction(
    told: LogReplay, tmp_path: Path
) -> None:
    """Shuffled waits, within the days to be predicted, change what was observed only."""
    later = [row for row in ROWS if row["date"] > "2026-03-06"]
    earlier = [row for row in ROWS if row["date"] <= "2026-03-06"]
    waits = [row["q_time"] for row in later]
    shuffled = [
        row | {"q_time": wait} for row, wait in zip(later, waits[::-1], strict=True)
    ]
    again = replayed(write_log(tmp_path / "log.csv", earlier + shuffled))
    ends = ("_predicted", "_q10", "_q90")
    shown = [name for name in told.slots.columns if name.endswith(ends)]
    assert told.slots.select(shown).equals(again.slots.select(shown))
    seen = "answered_in_time"
    assert not told.slots[seen].equals(again.slots[seen])


def test_readiness_of_agents_who_wrap_up_is_found(told: LogReplay) -> None:
    """They are busy 167 s a call on average and wrap up for 40 s."""
    assert 0.75 < told.behaviour.readiness < 0.95
    assert told.patience_s == pytest.approx(240, rel=0.25)
    assert (
        abs(told.comparison.in_time.predicted - told.comparison.in_time.observed) < 0.08
    )


def test_periods_fall_in_two_halves_when_none_is_named(log: Path) -> None:
    told = replayed(log, fit=None, predict=None)
    assert str(told.fitted) == "2026-03-02..2026-03-05"
    assert str(told.predicted) == "2026-03-06..2026-03-09"


@pytest.mark.parametrize(
    ("fit", "predict", "problem"),
    [
        ("2026-03-02", PREDICT, "expected a period"),
        ("", PREDICT, "expected a period"),
        ("2026-03-06..2026-03-02", PREDICT, "ends after it begins"),
        (FIT, "2026-03-06..2026-03-09", "expected periods apart"),
        ("2025-03-02..2025-03-06", PREDICT, "the log holds 2026-03-02..2026-03-09"),
        (FIT, "2027-03-02..2027-03-06", "--predict"),
    ],
)
def test_a_bad_period_is_one_clear_line(
    log: Path, fit: str, predict: str, problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        replayed(log, fit=fit, predict=predict)


def test_a_log_without_a_column_names_it(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("date;vru_exit\n2026-03-02;9:00:00\n")
    with pytest.raises(InputError, match="columns vru_line, call_id, q_start"):
        read_calls(file, LAYOUT)


def test_a_log_in_which_nobody_answers_is_refused(tmp_path: Path) -> None:
    rows = [row | {"outcome": "HANG", "q_start": row["vru_exit"]} for row in ROWS]
    with pytest.raises(InputError, match="answered calls"):
        replayed(write_log(tmp_path / "log.csv", rows))


@pytest.mark.parametrize("code", ["", "NO_SERVER"])
def test_a_log_that_names_nobody_who_answers_is_refused(
    code: str, tmp_path: Path
) -> None:
    rows = [row | {"server": code} for row in ROWS]
    with pytest.raises(InputError, match="column 'server': expected who answered"):
        replayed(write_log(tmp_path / "log.csv", rows))


def test_readiness_over_all_time_online_is_doubted_aloud(told: LogReplay) -> None:
    """As where several people share one code."""
    crowded = replace(told, behaviour=replace(told.behaviour, readiness=2.5))
    assert "more people answered than the log names" in in_words(crowded, 25)
    assert "than the log names" not in in_words(told, 25)


def test_a_log_of_wrong_rows_alone_tells_why_they_were_left_out(
    tmp_path: Path,
) -> None:
    rows = [row | {"date": "02-03-2026"} for row in ROWS[:7]]
    with pytest.raises(InputError, match="unreadable time 7"):
        read(tmp_path / "log.csv", rows)


def test_a_quiet_period_is_named(tmp_path: Path) -> None:
    quiet = [row for row in ROWS if row["date"] < "2026-03-07"]
    quiet += [row for row in ROWS if row["date"] == "2026-03-08"][:5]
    with pytest.raises(InputError, match="15 calls or more in the predicted period"):
        replayed(write_log(tmp_path / "log.csv", quiet))


def test_a_busy_slot_without_a_handling_time_takes_the_usual_one(
    tmp_path: Path,
) -> None:
    first = [row for row in ROWS if row["date"] == "2026-03-08"][:40]
    rows = [row | {"ser_time": "0"} if row in first else row for row in ROWS]
    told = replayed(write_log(tmp_path / "log.csv", rows))
    assert told.comparison.errors["Erlang A"] < 1


def test_words_show_predicted_beside_observed_and_every_peer(told: LogReplay) -> None:
    words = in_words(told, 25)
    for name in ("within 25 seconds", "given up", *told.comparison.errors):
        assert name in words
    assert "Erlang A, scaled" in told.comparison.errors
    assert "noise floor" in told.comparison.errors


def test_the_command_needs_no_import_and_stores_nothing(
    log: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    words = ("simulate", "--log", str(log), "--fit", FIT, "--predict", PREDICT)
    done = typed(*words, "--json", home=home)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    errors = figures["comparison"]["errors"]
    assert errors["replay"] < errors["constant"]
    assert datetime.fromisoformat(figures["slots"][0]["start"]).hour == 9
    assert not list(home.rglob("*.parquet"))


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("absent.csv", None, "found no file"),
        ("words.csv", "a;b\n1;2;3\n", "one row a call"),
        ("empty.csv", "", "one row a call"),
    ],
)
def test_what_is_no_log_is_one_clear_line(
    name: str, text: str | None, problem: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    if text is not None:
        file.write_text(text)
    with pytest.raises(InputError, match=problem):
        read_calls(file, LAYOUT)


def test_slots_must_fill_a_day(log: Path) -> None:
    with pytest.raises(InputError, match="fill a day"):
        replay_log(
            log, LAYOUT, fit=FIT, predict_days=PREDICT, threshold_s=25,
            slot_minutes=37, seed=0,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--log", "absent.csv"), "found no file"),
        (("--log", "absent.csv", "--week", "2027-W02"), "or --log, came both"),
        ((), "either --week or --log, came neither"),
        (
            ("--week", "2027-W02", "--replications", "1000000"),
            "less than or equal to 5000",
        ),
    ],
)
def test_what_cannot_be_replayed_is_one_line_and_status_2(
    words: tuple[str, ...], problem: str, tmp_path: Path
) -> None:
    done = typed("simulate", *words, home=tmp_path / "home")
    assert (done.returncode, done.stdout) == (2, "")
    assert problem in done.stderr
    assert done.stderr.count("\n") == 1
