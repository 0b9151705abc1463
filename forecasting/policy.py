"""Policy in TOML: read one file of the configuration folder into a typed model."""

import hashlib
import tomllib
from pathlib import Path
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from forecasting.errors import InputError, PolicyError


class Policy(BaseModel):
    """A frozen piece of policy that refuses unknown keys and checks its own ranges."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Policy):
    """A policy's cousin that travels as JSON: an instance, a roster."""

    def to_json(self) -> str:
        """This document as JSON."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a document.

        Raises:
            InputError: the text is none; the first wrong field is named.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            kind = cls.__name__.lower()
            raise InputError(f"expected a {kind}, {_first_wrong(error)}") from None


def _first_wrong(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    return f"field '{field}': {first['msg']} (came: {first['input']!r:.60})"


AnyPolicy = TypeVar("AnyPolicy", bound=BaseModel)


def load_policy(file: Path, model: type[AnyPolicy]) -> AnyPolicy:
    """Read `file` into `model`.

    Raises:
        PolicyError: the file is absent, is no TOML, or a field breaks a rule.
    """
    try:
        return model.model_validate(tomllib.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        raise PolicyError(
            f"{file}: expected a policy file, found none. "
            "Give the configuration folder with --config."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"{file}: expected TOML; {error}.") from None
    except ValidationError as error:
        raise PolicyError(f"{file}: {_first_wrong(error)}.") from None


def fingerprint(folder: Path) -> str:
    """Hash every policy file under `folder`: 12 hex digits, the same for the same text."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.toml")):
        digest.update(str(file.relative_to(folder)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
