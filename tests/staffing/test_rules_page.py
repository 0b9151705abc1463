"""The page of the roster's rules is what the code says."""

import runpy
import tomllib
from pathlib import Path

from staffing.roster.verifying import RULES
from staffing.rules import LabourRules

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_rules_is_up_to_date():
    page = runpy.run_path(str(ROOT / "docs" / "roster_rules.py"))
    assert page["PAGE"].read_text("utf-8") == page["page"]()


def test_every_rule_stands_on_the_page_once():
    lines = (ROOT / "docs" / "roster-rules.md").read_text("utf-8").splitlines()
    for rule in RULES:
        assert (
            sum(
                line.startswith(f"| `{rule.name}` | {rule.label_en} |")
                for line in lines
            )
            == 1
        )


def test_every_value_of_the_labour_rules_has_a_source():
    told = tomllib.loads((ROOT / "config" / "labour.toml").read_text("utf-8"))
    assert set(told["source"]) == set(LabourRules.model_fields) - {"source"}
