"""`piekwijzer roster --file X --out Y`, as it is typed."""

import json

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from staffing.roster import Roster, read_instance, verify
from tests.staffing.test_reading import TEXT


def _typed(file, out, *more: str):
    words = ["roster", "--file", str(file), "--out", str(out), *more]
    return CliRunner().invoke(app, words)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "one.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_file_is_solved_verified_and_written(file, tmp_path):
    out = tmp_path / "roster.json"
    done = _typed(file, out, "--time-limit", "1", "--json")
    assert done.exit_code == 0, done.output
    roster = Roster.model_validate_json(out.read_text(encoding="utf-8"))
    instance = read_instance(file)
    assert roster.instance == instance.hash
    assert [found for found in verify(instance, roster) if found.hard] == []
    assert json.loads(done.stdout)["hard_violations"] == 0


def test_an_instance_as_json_gives_what_the_text_gives(file, tmp_path):
    again = tmp_path / "again.json"
    again.write_text(read_instance(file).to_json(), encoding="utf-8")
    for source, name in ((file, "a.json"), (again, "b.json")):
        assert _typed(source, tmp_path / name, "--time-limit", "1").exit_code == 0
    first, second = (
        Roster.model_validate_json((tmp_path / name).read_text(encoding="utf-8"))
        for name in ("a.json", "b.json")
    )
    assert first.instance == second.instance


def test_a_wrong_line_is_named_and_nothing_is_written(file, tmp_path):
    file.write_text(TEXT.replace("A,0,3", "A,0,14"), encoding="utf-8")
    out = tmp_path / "roster.json"
    done = _typed(file, out)
    assert done.exit_code == 2
    assert "one.txt, line 10: expected" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not out.exists()


def test_a_folder_that_is_not_there_is_named(file, tmp_path):
    done = _typed(file, tmp_path / "nowhere" / "roster.json")
    assert done.exit_code == 2
    assert "nowhere" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
