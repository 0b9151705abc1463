"""Policy in TOML: read one file of the configuration folder into a typed model."""

import hashlib
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import any_schema, no_info_before_validator_function

from forecasting.errors import InputError, PolicyError

NUMBERS = ("int", "float")


def _number(value: object) -> object:
    """A number as it came; pydantic by itself takes true for 1, and "5" for 5."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("number", "Input should be a number")
    return value


CHECK = no_info_before_validator_function(_number, any_schema())["function"]


def _check_numbers(schema: object) -> None:
    """Let each number within a schema, in place, be checked to be one."""
    if isinstance(schema, dict):
        if schema.get("function") == CHECK:
            return
        if schema.get("type") in NUMBERS:
            plain = dict(schema)
            schema.clear()
            schema |= no_info_before_validator_function(_number, plain)
            return
        schema = list(schema.values())
    if isinstance(schema, list | tuple):
        for part in schema:
            _check_numbers(part)


class Policy(BaseModel):
    """A frozen piece of policy that refuses unknown keys and checks its own ranges.

    A number is a finite number: no text that looks like one, and neither true nor false.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> Self:
        """A copy with other values, without what was computed and kept of the old ones."""
        copied = super().model_copy(update=update, deep=deep)
        for name in set(vars(copied)) - set(type(self).model_fields):
            del vars(copied)[name]
        return copied

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """The schema of the fields, with a check of each number."""
        schema = handler(source)
        _check_numbers(schema)
        return schema


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
            kind = f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
            raise InputError(f"expected {kind}, {_first_wrong(error)}") from None


def _first_wrong(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    problem = first["msg"].removeprefix("Value error, ")
    where = f"field '{field}': " if field else ""  # none: of several fields together
    came = (
        "" if isinstance(first["input"], dict) else f" (came: {first['input']!r:.60})"
    )
    return f"{where}{problem}{came}"


AnyPolicy = TypeVar("AnyPolicy", bound=BaseModel)


def load_policy(file: Path, model: type[AnyPolicy]) -> AnyPolicy:
    """Read `file` into `model`.

    Raises:
        PolicyError: the file is absent, is no TOML, or a field breaks a rule.
    """
    try:
        policy: AnyPolicy = _read(file.read_text("utf-8"), model)
    except FileNotFoundError:
        raise PolicyError(
            f"{file}: expected a policy file, found none. "
            "Give the configuration folder with --config."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"{file}: expected TOML; {error}.") from None
    except ValidationError as error:
        raise PolicyError(f"{file}: {_first_wrong(error)}.") from None
    return policy


@lru_cache(maxsize=64)
def _read(text: str, model: type[AnyPolicy]) -> AnyPolicy:
    """What a text says; a page asks for the same few files time and again."""
    return model.model_validate(tomllib.loads(text))


def fingerprint(folder: Path) -> str:
    """Hash every policy file under `folder`: 12 hex digits, the same for the same text."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.toml")):
        digest.update(str(file.relative_to(folder)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
