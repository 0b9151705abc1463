"""What a series follows, by the catalogue: the same desk, and a share of what came online."""

import tomllib

import numpy as np
import polars as pl
import pytest

from forecasting.catalogue import Catalogue
from forecasting.errors import PolicyError
from forecasting.models.visits import SecondVisit
from forecasting.policy import load_policy
from forecasting.rolling.answers import predict_series
from forecasting.rolling.beside import besides_of
from forecasting.rolling.leading import leading_of
from forecasting.rolling.tasks import origin_tasks
from forecasting.series.knowndays import known_days
from forecasting.series.panel import Panel, Series
from forecasting.tuning import load_tuning
from tests.forecasting.reference_cases import CATALOGUE, CONFIG

TUNING = load_tuning()

DAYS = np.arange(np.datetime64("2025-01-06"), np.datetime64("2025-01-06") + 700)


def series(name: str, counts: object, days: np.ndarray = DAYS) -> Series:
    values = np.broadcast_to(np.asarray(counts, dtype=float), days.shape)
    return Series(name, days, np.array(values))


def panel(*members: Series) -> Panel:
    return Panel("day", tuple(sorted(members, key=lambda one: one.name)))


def test_collections_follow_the_applications_of_their_own_location_in_all_channels():
    rng = np.random.default_rng(0)
    counts = rng.poisson(9, (3, 700))
    found = leading_of(
        panel(
            series("noord/passport/application/appointment", counts[0]),
            series("noord/passport/application/walk_in", counts[1]),
            series("zuid/passport/application/appointment", counts[2]),
            series("noord/id_card/application/appointment", 99),
            series("noord/passport/question/phone", 99),
            series("noord/passport/collection/walk_in", 4),
        ),
        CATALOGUE,
    )
    assert list(found) == ["noord/passport/collection/walk_in"]
    (leading,) = found.values()
    assert (leading.counts == counts[0] + counts[1]).all()
    assert (leading.starts == DAYS).all()


def with_online(online: object, north: object, south: object) -> Panel:
    return panel(
        series("stadhuis/licence/renewal/online", online),
        series("noord/licence/application/appointment", 5),
        series("zuid/licence/application/appointment", 7),
        series("noord/licence/collection/walk_in", north),
        series("zuid/licence/collection/walk_in", south),
    )


def test_what_came_online_is_shared_by_where_the_year_before_collected():
    """A quarter of 80 online collects in the north, 12% has it delivered at home."""
    visits = 0.88 * (5 + 20), 0.88 * (7 + 60)
    found = leading_of(with_online(80, *visits), CATALOGUE)
    own = found["noord/licence/collection/walk_in"].counts
    other = found["zuid/licence/collection/walk_in"].counts
    assert own + other == pytest.approx(np.full(700, 80 + 5 + 7))
    assert own == pytest.approx(np.full(700, 25), rel=0.002)


def test_few_online_are_shared_as_all_second_visits_are():
    found = leading_of(with_online(0.01, 4, 12), CATALOGUE)
    own = found["noord/licence/collection/walk_in"].counts
    assert own == pytest.approx(np.full(700, 5 + 0.01 * 0.25), abs=1e-4)


def test_the_shares_follow_a_move_of_the_desk_within_a_year():
    half = np.where(np.arange(700) < 300, 1.0, 0.0)
    found = leading_of(with_online(80, 5 + 80 * half, 7 + 80 * (1 - half)), CATALOGUE)
    own = found["noord/licence/collection/walk_in"].counts
    assert own[299] == pytest.approx(85, rel=0.25)
    assert own[-1] == pytest.approx(5, rel=0.02)


def test_no_day_knows_of_later_second_visits():
    parts = [
        series("stadhuis/licence/renewal/online", 8),
        series("noord/licence/application/appointment", 5),
        series("noord/licence/collection/walk_in", 30),
        series("zuid/licence/collection/walk_in", np.arange(700)),
    ]
    whole = leading_of(panel(*parts), CATALOGUE)
    cut = DAYS[500]
    early = leading_of(panel(*(one.until(cut) for one in parts)), CATALOGUE)
    for name, leading in early.items():
        assert whole[name].until(cut).counts == pytest.approx(leading.counts)


def test_a_channel_that_ended_long_ago_counts_as_nothing_since():
    found = leading_of(
        panel(
            series("noord/passport/application/appointment", 5),
            series("noord/passport/application/walk_in", 3, DAYS[:300]),
            series("noord/passport/collection/walk_in", 4),
        ),
        CATALOGUE,
    )
    leading = found["noord/passport/collection/walk_in"]
    assert (leading.counts == np.where(np.arange(700) < 300, 8, 5)).all()


def test_an_export_that_ends_days_earlier_ends_what_is_known():
    found = leading_of(
        panel(
            series("noord/passport/application/appointment", 5),
            series("noord/passport/application/walk_in", 3, DAYS[:690]),
            series("noord/passport/collection/walk_in", 4),
        ),
        CATALOGUE,
    )
    assert found["noord/passport/collection/walk_in"].starts[-1] == DAYS[689]


@pytest.mark.parametrize(
    "names",
    [
        ["a", "b/c"],
        ["noord/passport/collection/walk_in"],
        ["noord/passport/collection/walk_in", "zuid/passport/application/appointment"],
        ["noord/unknown/collection/walk_in", "noord/unknown/application/walk_in"],
    ],
)
def test_series_with_nothing_to_follow_stand_alone(names):
    assert leading_of(panel(*(series(name, 3) for name in names)), CATALOGUE) == {}


def test_a_method_is_handed_what_its_series_follows():
    members = panel(
        series("noord/passport/application/appointment", 5),
        series("noord/passport/collection/walk_in", 4),
    )
    beside = besides_of(members, None, CATALOGUE).of(members.series[1].name)
    assert beside.leading is not None
    known = beside.leading_until(DAYS[9])
    assert known is not None
    assert known.starts.size == 10


def test_a_step_that_follows_what_the_service_lacks_is_one_clear_line(tmp_path):
    text = (CONFIG / "catalogue.toml").read_text("utf-8")
    assert tomllib.loads(text)
    wrong = text.replace('follows = ["application"]', 'follows = ["aplication"]', 1)
    (tmp_path / "catalogue.toml").write_text(wrong, "utf-8")
    with pytest.raises(PolicyError, match="follows 'aplication': expected a step") as e:
        load_policy(tmp_path / "catalogue.toml", Catalogue)
    assert "\n" not in str(e.value)


def answered(panel: Panel) -> pl.DataFrame:
    known = known_days("NL", None, (2024, 2028))
    besides = besides_of(panel, None, CATALOGUE)
    tasks = origin_tasks(panel, 28, known, TUNING, 2, besides)
    ways = (SecondVisit(TUNING.visits, TUNING.glm),)
    return pl.concat(predict_series(task, ways) for task in tasks)


def test_the_second_visit_answers_for_what_follows_and_knows_nothing_after_its_origin():
    rng = np.random.default_rng(3)
    days = DAYS[np.is_busday(DAYS)]
    counts = rng.poisson(30, days.size).astype(float)
    later = np.concatenate([np.zeros(6), 0.9 * counts[:-6]])
    applied = series("a/passport/application/appointment", counts, days)
    collected = series("a/passport/collection/walk_in", later, days)
    first = answered(panel(applied, collected))
    assert set(first["series"]) == {collected.name}
    origin = first["origin"].to_numpy().min()
    wild = series(applied.name, np.where(days > origin, 500, counts), days)
    second = answered(panel(wild, collected))
    mine = pl.col("origin") == pl.col("origin").min()
    assert second.filter(mine).equals(first.filter(mine))
    assert not second.filter(~mine).equals(first.filter(~mine))
