"""What the command `import` says of a file, and what it refuses before it reads one."""

from pathlib import Path

from typer.testing import CliRunner, Result

from dashboard.cli import app

HEAD = (
    "Interval start;Wachtrij;Aangeboden;Afgehaakt;Beantwoord binnen 25 s;"
    "Gem. gesprekstijd (s);Gem. nawerktijd (s)\n"
)


def ask(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home)])


def test_replacing_by_a_workbook_is_refused_rather_than_passed_over(tmp_path):
    book = str(tmp_path / "book.xlsx")
    answer = ask(tmp_path, "import", book, "--source", "template", "--replace")
    assert answer.exit_code == 2
    assert "--replace: expected an export, came a workbook" in answer.stderr


def test_the_answer_is_one_line_and_counts_what_made_way(tmp_path):
    early, late = tmp_path / "a.csv", tmp_path / "new\nfile.csv"
    rows = "05-01-2026 09:15;Rijbewijs;4;0;4;200;30\n"
    early.write_text(HEAD + rows + rows.replace("09:15", "09:30"))
    late.write_text(HEAD + rows)
    home = tmp_path / "home"
    assert ask(home, "import", str(early), "--source", "telephony").exit_code == 0
    words = ("import", str(late), "--source", "telephony", "--replace")
    answer = ask(home, *words)
    assert answer.stdout == (
        "new file.csv: 1 rows imported as telephony, in place of 2 earlier rows.\n"
    )
