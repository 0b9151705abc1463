"""From another plan to a batch taken along: in the real browser, by two people."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import FilePayload, Page, expect
from typer.testing import CliRunner

from dashboard.cli import app
from forecasting.calendar import week_name
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.approving import approve_batch
from staffing.reminders.batches.stored import APPROVED, REFERENCES, batches
from tests.dashboard.chromium import PATIENCE_MS, findings
from tests.dashboard.journeys import (
    SAY,
    arrive,
    browsing,
    card,
    pick,
    press,
    see,
    settle,
    slide,
    turn,
    unfold,
)
from tests.dashboard.letters_town import letters_town
from tests.dashboard.roster_village import clock

FORMATS = ("csv", "xlsx", "json")
BUDGET, LEAD, WEEKS = 500, 25, 51


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("letters")
    return letters_town(folder / "home", clock(), actor="anna")


@pytest.fixture(scope="module")
def page(home: Workspace) -> Iterator[Page]:
    with browsing(home.settings) as page:
        yield page


def _json(home: Workspace, *words: str) -> dict[str, object]:
    """What a command prints for programs."""
    own = ["--home", str(home.settings.home), "--json"]
    done = CliRunner().invoke(app, [*words, *own])
    assert done.exit_code == 0, done.output
    told: dict[str, object] = json.loads(done.stdout)
    return told


def _first_week(home: Workspace, run: RunRecord) -> tuple[date, int]:
    """The first week that a plan sends letters in, and how many."""
    letters = home.table(run, "letters").collect()
    weeks = letters.group_by("mailing_week").agg(pl.col("letters").sum())
    found: tuple[date, int] = weeks.sort("mailing_week").row(0)
    return found


def _taken(page: Page, kind: str) -> bytes:
    """What the browser gets for a press on the button of a format."""
    with page.expect_download(timeout=PATIENCE_MS) as taken:
        press(page, SAY(f"handing.{kind}"))
    return taken.value.path().read_bytes()


def _files(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _plan_otherwise(page: Page, home: Workspace) -> RunRecord:
    """Other choices, their answer at once, and the exact plan of them as a task."""
    before = home.latest("reminders")
    turn(page, "peaks", "choices")
    see(page, SAY("quick.move"))
    slide(page, SAY("choice.budget"), "Home", "ArrowRight")
    about = card(page, SAY("quick.letters"))
    most = SAY("quick.about", value=SAY.number(BUDGET))
    expect(about).to_have_text(most, timeout=PATIENCE_MS)
    pick(page, SAY("choice.channel"), SAY("channel.text"))
    slide(page, SAY("choice.earliest_lead_weeks"), "ArrowLeft")
    slide(page, SAY("choice.weeks"), "ArrowLeft")
    settle(page, "peaks")
    expect(about).to_be_visible(timeout=PATIENCE_MS)
    press(page, SAY("quick.start"))
    see(page, SAY("job.running", task=SAY("task.reminders")).replace("**", ""))
    see(page, "Gemaakt met eigen keuzes: budget (brieven op papier) 500")
    made = home.latest("reminders")
    assert made.id != before.id
    return made


def test_a_planner_plans_two_people_approve_and_the_batch_is_taken_along(
    page: Page, home: Workspace, tmp_path: Path
):
    """What is planned, approved and taken is what the command line tells and writes."""
    arrive(page, "peaks")
    run = _plan_otherwise(page, home)
    asked = {"budget": BUDGET, "earliest_lead_weeks": LEAD, "channel": "text"}
    told = {name: str(value) for name, value in asked.items()}
    assert run.parameters.items() >= {**told, "weeks": str(WEEKS)}.items()

    turn(page, "peaks", "send")
    week, letters = _first_week(home, run)
    row = page.get_by_role("row").filter(has_text=SAY.week(week)).first
    expect(row).to_contain_text(SAY("approval.waits"))
    _approve(page, home, week, letters)
    name = week_name(week)
    _take_along(page, home, name, tmp_path)
    _see_it_approved(page, home, week, letters)


def _approve(page: Page, home: Workspace, week: date, letters: int) -> None:
    """Who made the plan is refused in words; another name is kept as unverified."""
    total = page.get_by_role("row").filter(has_text=SAY("preview.all")).first
    expect(total).to_contain_text(SAY.number(letters))
    who = page.get_by_role("textbox", name=SAY("approval.name"))
    who.fill("Anna", timeout=PATIENCE_MS)
    press(page, SAY("approval.approve"))
    see(page, SAY("approval.same", name="Anna"))
    assert batches(home) == []
    who.fill("Bob", timeout=PATIENCE_MS)
    press(page, SAY("approval.approve"))
    row = page.get_by_role("row").filter(has_text="Bob")
    expect(row).to_contain_text(SAY.week(week), timeout=PATIENCE_MS)
    expect(row).to_contain_text(SAY("batches.unverified"))
    (batch,) = batches(home)
    assert (batch.mailing_week, batch.letters) == (week, letters)
    step = batch.steps[APPROVED]
    assert (step.by, step.verified) == ("Bob", False)
    deed = home.ledger.trail(last=1)[0]
    assert (deed.by, deed.action) == ("Bob", APPROVED)
    assert "entered by anna" in deed.detail


def _take_along(page: Page, home: Workspace, name: str, folder: Path) -> None:
    """Every format, twice: the bytes that the command writes, hashes and all."""
    press(page, SAY("handing.prepare"))
    see(page, SAY("handing.holds_quota").replace("**", ""))
    for kind in FORMATS:
        packed = _taken(page, kind)
        assert _taken(page, kind) == packed
        taken, out = _files(packed), folder / kind
        words = ("--week", name, "--format", kind, "--out", str(out))
        _json(home, "reminders", "export", *words)
        assert taken == {file.name: file.read_bytes() for file in out.iterdir()}
        manifest = json.loads(taken.pop(f"brieven-{name}-manifest.json"))
        hashes = {file: hashlib.sha256(taken[file]).hexdigest() for file in taken}
        assert manifest["files_sha256"] == hashes
        assert set(hashes) == {f"brieven-{name}.{kind}", f"controlegroep-{name}.{kind}"}
        assert manifest["approved"]["login"] == "unverified"


def _see_it_approved(page: Page, home: Workspace, week: date, letters: int) -> None:
    """On its own page beside what was planned; the overview looks less far ahead."""
    told = _json(home, "status")
    expect(card(page, SAY("peaks.letters_planned"))).to_have_text(
        SAY.number(float(str(told["letters_planned"])))
    )
    see(page, SAY("peaks.letters_approved", letters=SAY.number(letters)))
    see(page, SAY("verdict.no_paper"))  # a text message costs no print or postage
    arrive(page, "overview")
    ahead = told["letters_ahead"]  # the plan begins later than that
    assert isinstance(ahead, dict)
    assert (ahead["wanted"], ahead["waiting_weeks"]) == (0, [])
    see(page, SAY("overview.none_ahead", weeks=ahead["weeks"]))


def test_a_list_of_references_is_drawn_from_or_refused_by_its_line(
    page: Page, home: Workspace
):
    """A name in the list is refused in words; a good list settles the batch for good."""
    run = home.latest("reminders")
    taken = [batch.mailing_week for batch in batches(home)]
    cells = home.table(run, "letters").filter(~pl.col("mailing_week").is_in(taken))
    week: date = cells.select("mailing_week").sort("mailing_week").collect().row(0)[0]
    approve_batch(home, week=week, now=clock(), by="Bob")
    arrive(page, "peaks", show="send", mailing=week_name(week))
    page.get_by_text(SAY("handing.references"), exact=True).click(timeout=PATIENCE_MS)
    rows = _references(cells.filter(mailing_week=week).collect())
    _upload(page, "names.csv", ["naam", "Jansen"])
    see(page, re.compile(r"names\.csv: regel 1: kolom 1 heeft een kop"))
    assert batches(home)[-1].content is None
    _upload(
        page, "stock.csv", ["reference;service;expiry_week;age_band;district", *rows]
    )
    see(page, SAY("handing.holds_references").split("**")[0].strip())
    (batch,) = (one for one in batches(home) if one.mailing_week == week)
    assert batch.content == REFERENCES
    written = _files(_taken(page, "csv"))[f"brieven-{batch.name}.csv"].decode(
        "utf-8-sig"
    )
    drawn = {line.rsplit(";", 1)[1] for line in written.splitlines()[1:]}
    assert len(drawn) == batch.letters
    assert drawn < {row.partition(";")[0] for row in rows}
    _withdraw(page, home, batch.name)


def _withdraw(page: Page, home: Workspace, name: str) -> None:
    """Its files were taken along: the page asks for the statement that nothing was sent."""
    settle(page, "peaks")
    page.get_by_text(SAY("withdrawal.title")).click(timeout=PATIENCE_MS)
    settle(page, "peaks")
    why = page.get_by_role("textbox", name=SAY("withdrawal.reason"))
    why.fill("verkeerde stand", timeout=PATIENCE_MS)
    press(page, SAY("withdrawal.button"))
    see(page, SAY("fault.unstated", field=SAY("withdrawal.not_sent")))
    expect(why).to_have_value("verkeerde stand")
    page.get_by_text(SAY("withdrawal.not_sent"), exact=True).click()
    press(page, SAY("withdrawal.button"))
    row = page.get_by_role("row").filter(has_text=SAY("batch_state.withdrawn"))
    expect(row).to_contain_text("verkeerde stand", timeout=PATIENCE_MS)
    told = _json(home, "reminders", "batches")["batches"]
    assert isinstance(told, list)
    (batch,) = (one for one in told if one["batch"] == name)
    assert (batch["state"], batch["withdrawn"]["reason"]) == (
        "withdrawn",
        "verkeerde stand",
    )


def _references(cells: pl.DataFrame) -> list[str]:
    """Twice as many documents as the letters of each cohort."""
    return [
        f"ref-{place}-{number};{row['service']};{week_name(row['expiry_week'])};"
        f"{row['age_band']};{row['district']}"
        for place, row in enumerate(cells.to_dicts())
        for number in range(2 * row["letters"])
    ]


def _upload(page: Page, name: str, lines: list[str]) -> None:
    text = "\n".join([*lines, ""]).encode()
    file = FilePayload(name=name, mimeType="text/csv", buffer=text)
    page.locator("input[type=file]").set_input_files(file)
    see(page, name)
    settle(page, "peaks")
    press(page, SAY("handing.prepare"))


def _parts(page: Page) -> Iterator[str]:
    """Every part of the page with all of it unfolded, those with two states in both."""
    for part in ("weeks", "letters", "learned"):
        arrive(page, "peaks", show=part)
        yield part
    arrive(page, "peaks", show="choices")
    slide(page, SAY("choice.budget"), "End")
    see(page, SAY("quick.start_note"))
    settle(page, "peaks")
    yield "choices"
    arrive(page, "peaks", show="send")
    yield "send"


@pytest.mark.parametrize("width", [1280, 390])
def test_every_part_of_the_page_is_accessible(page: Page, width: int):
    """Axe finds nothing in any part, folded open, wide or narrow."""
    page.set_viewport_size({"width": width, "height": 844})
    found = {}
    for part in _parts(page):
        unfold(page)
        found[part] = findings(page, f"peaks_{part}_{width}")
    assert found == {part: [] for part in found}
    assert len(found) == 5
