"""What mappings say of their sources: which facts rows can hold, and within what seconds."""

from pathlib import Path

import pytest

from forecasting.errors import PolicyError
from forecasting.ingest.mapping import read_mapping
from forecasting.settings import shipped
from forecasting.sources import read_source

CONFIG = shipped("config", "config")
SHIPPED = sorted(file.stem for file in (CONFIG / "sources").glob("*.toml"))


def written(folder: Path, text: str) -> Path:
    (folder / "sources").mkdir()
    (folder / "sources" / "exchange.toml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("name", SHIPPED)
def test_a_source_tells_waits_when_its_mapping_reads_them(name: str):
    fields = read_mapping(CONFIG, name).fields
    assert read_source(CONFIG, name).tells_waits == ("wait_s" in fields)


@pytest.mark.parametrize(
    ("heading", "seconds"),
    [
        ("Beantwoord binnen 25 s", 25),
        ("Binnen 20s", 20),
        ("answered within 30 seconds", 30),
        ("SL 80/20 sec.", 20),
        ("Op tijd", None),
        ("Beantwoord binnen 2 min", None),
        ("Wachtrij 4 stadhuis", None),
    ],
)
def test_the_seconds_are_those_of_the_heading(tmp_path, heading, seconds):
    config = written(tmp_path, f'[fields.in_time]\ncolumn = "{heading}"\n')
    assert read_source(config, "exchange").threshold_s == seconds


def test_what_the_mapping_says_goes_before_the_heading(tmp_path):
    text = 'in_time_s = 30\n[fields.in_time]\ncolumn = "Binnen 25 s"\n'
    assert read_source(written(tmp_path, text), "exchange").threshold_s == 30


def test_a_wait_that_is_compared_tells_its_own_seconds():
    assert read_source(CONFIG, "call_log").threshold_s == 25


def test_a_source_without_a_mapping_tells_nothing():
    gone = read_source(CONFIG, "no_such_source")
    assert (gone.threshold_s, gone.tells_waits) == (None, False)


def test_seconds_that_cannot_be_are_refused(tmp_path):
    with pytest.raises(PolicyError, match="in_time_s"):
        read_source(written(tmp_path, "in_time_s = 0\n"), "exchange")
