"""Hundreds of malformed files, made from good ones by a seed: each is a different one."""

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
from xlsxwriter import Workbook

from forecasting.ingest.mapping import read_mapping
from forecasting.settings import Settings

ROWS = 40
FIRST = datetime.fromisoformat("2026-01-05T09:00")


@dataclass(frozen=True)
class Seed:
    """A good file of a shipped source."""

    name: str
    source: str
    suffix: str
    content: bytes

    def write(self, folder: Path) -> Path:
        """Put it in a folder."""
        file = folder / f"{self.name}{self.suffix}"
        file.write_bytes(self.content)
        return file


@dataclass(frozen=True)
class Malformed:
    """A file that something happened to."""

    name: str
    source: str
    suffix: str
    content: bytes


def _moments() -> list[datetime]:
    return [FIRST + timedelta(minutes=15 * i) for i in range(ROWS)]


def _telephony() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "Interval start": [f"{moment:%d-%m-%Y %H:%M}" for moment in _moments()],
            "Wachtrij": ["Rijbewijs", "Paspoort en ID-kaart"] * (ROWS // 2),
            "Aangeboden": [str(10 + i % 5) for i in range(ROWS)],
            "Beantwoord": "9",
            "Afgehaakt": "1",
            "Beantwoord binnen 25 s": "8",
            "Gem. gesprekstijd (s)": [f"{200 + i},5" for i in range(ROWS)],
            "Gem. nawerktijd (s)": "30,0",
            "Opmerking": "één €",
        }
    )


def _jcc() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "publicId": [f"a{i}" for i in range(ROWS)],
            "creationDateTime": [f"{m:%d-%m-%Y %H:%M}" for m in _moments()],
            "startDateTime": [f"{m:%d-%m-%Y %H:%M}" for m in _moments()],
            "endDateTime": [f"{m:%d-%m-%Y %H:%M}" for m in _moments()],
            "acitivityList": ["Paspoort", "Rijbewijs"] * (ROWS // 2),
            "appointmentDuration": "12,5",
            "location": ["Stadhuis", "Noord"] * (ROWS // 2),
            "status": "kept",
        }
    )


def _qmatic() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "publicId": [f"v{i}" for i in range(ROWS)],
            "service": ["Afhalen paspoort", "Uittreksel BRP"] * (ROWS // 2),
            "location": ["Noord", "Zuid"] * (ROWS // 2),
            "created": _moments(),
            "waitingTime": [60 + i for i in range(ROWS)],
            "duration": 200,
            "additionalCustomerDuration": [None if i % 3 else 30 for i in range(ROWS)],
            "left": [i % 9 == 0 for i in range(ROWS)],
        }
    ).with_columns(pl.col("additionalCustomerDuration").fill_null(0))


def _klant() -> list[dict[str, object]]:
    return [
        {
            "uuid": f"{i:08x}-0000-4000-8000-000000000000",
            "kanaal": "e-mail",
            "onderwerp": "Verhuizing",
            "plaatsgevondenOp": f"{moment:%Y-%m-%dT%H:%M}:00+01:00",
            "indicatieContactGelukt": True,
            "hadBetrokkene": {"uuid": f"b{i}", "rol": "klant", "wasPartij": None},
            "onderwerpobjecten": [{"soort": "zaak", "code": f"Z{i}"}],
        }
        for i, moment in enumerate(_moments())
    ]


def _online() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "Datum": [(FIRST + timedelta(days=i)).date() for i in range(ROWS)],
            "Product": ["Rijbewijs", "Uittreksel BRP"] * (ROWS // 2),
            "Aantal": [i % 7 for i in range(ROWS)],
        }
    )


def _csv(frame: pl.DataFrame) -> bytes:
    text = frame.write_csv(separator=";", line_terminator="\r\n")
    return text.encode("windows-1252")


def _parquet(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def _xlsx(frame: pl.DataFrame, sheet: str) -> bytes:
    out = io.BytesIO()
    with Workbook(out) as book:
        book.set_properties({"created": FIRST})
        frame.write_excel(book, worksheet=sheet)
    return out.getvalue()


def _lines(rows: list[dict[str, object]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


SEEDS = (
    Seed("telephony", "telephony", ".csv", _csv(_telephony())),
    Seed("jcc", "jcc", ".csv", _csv(_jcc())),
    Seed("online", "online_daily", ".xlsx", _xlsx(_online(), "Aanvragen")),
    Seed("qmatic", "qmatic", ".parquet", _parquet(_qmatic())),
    Seed("klant", "open_klant", ".jsonl", _lines(_klant())),
)
MAPPINGS = {seed.source: read_mapping(Settings().config, seed.source) for seed in SEEDS}

Mutation = Callable[[bytes, random.Random], bytes]


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(1, len(content))]


def _no_start(content: bytes, rng: random.Random) -> bytes:
    return content[rng.randrange(1, len(content)) :]


def _bytes_changed(content: bytes, rng: random.Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(rng.choice([1, 3, 20])):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def _stretch_zeroed(content: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(content))
    length = min(rng.randrange(1, 600), len(content) - place)
    return content[:place] + bytes(length) + content[place + length :]


def _stretch_gone(content: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(content))
    return content[:place] + content[place + rng.randrange(1, 80) :]


def _stretch_doubled(content: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(content))
    stretch = content[place : place + rng.randrange(1, 400)]
    return content[:place] + stretch + content[place:]


PUT = (
    b'"',
    b";",
    b"\n",
    b"\r",
    b"\0",
    b"\xff\xfe",
    b"\x81",
    b"{}",
    b"=1+1",
    b"]]",
    b"\x1a",
    b"9" * 400,
    "\u20ac\u202e".encode(),
    b"<!DOCTYPE x>",
)


def _rubbish_put_in(content: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(content))
    return content[:place] + rng.choice(PUT) * rng.choice([1, 2, 50]) + content[place:]


def _lines_shuffled(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def _ends_mixed(content: bytes, rng: random.Random) -> bytes:
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    ends = (b"\r", b"\n", b"\r\n", b"\n\n")
    return b"".join(line + rng.choice(ends) for line in lines)


def _recoded(content: bytes, rng: random.Random) -> bytes:
    text = content.decode("windows-1252", errors="replace")
    codec = rng.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp500"])
    return text.encode(codec, errors="replace") + bytes([rng.randrange(256)])


def _noise(content: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(rng.randrange(1, len(content)))


MUTATIONS: tuple[Mutation, ...] = (
    _cut,
    _no_start,
    _bytes_changed,
    _stretch_zeroed,
    _stretch_gone,
    _stretch_doubled,
    _rubbish_put_in,
    _lines_shuffled,
    _ends_mixed,
    _recoded,
    _noise,
)


def _inside_workbook(content: bytes, mutate: Mutation, rng: random.Random) -> bytes:
    """A whole archive of which one part is spoilt."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as good:
        spoilt = rng.choice([part for part in good.namelist() if "xml" in part])
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for part in good.namelist():
                inner = good.read(part)
                inner = mutate(inner, rng) if part == spoilt else inner
                made.writestr(zipfile.ZipInfo(part), inner, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def malformed(seed: int, each: int = 6) -> Iterator[Malformed]:
    """Every good file, spoilt in every way, `each` times; no two are alike."""
    rng, seen = random.Random(seed), set[str]()  # noqa: S311  # no secret
    for good in SEEDS:
        for mutate in MUTATIONS:
            for turn in range(each):
                content = mutate(good.content, rng)
                if good.suffix == ".xlsx" and turn % 2:
                    content = _inside_workbook(good.content, mutate, rng)
                digest = hashlib.sha256(content).hexdigest()
                if digest in seen or content == good.content:
                    continue
                seen.add(digest)
                name = f"{good.name}-{mutate.__name__.strip('_')}-{turn}"
                yield Malformed(name, good.source, good.suffix, content)
