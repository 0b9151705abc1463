"""Policy in TOML: read one file of the configuration folder into a typed model."""

import hashlib
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from forecasting.errors import PolicyError


class Policy(BaseModel):
    """A frozen piece of policy that refuses unknown keys and checks its own ranges."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise PolicyError(
            f"{file}: field '{field}': {first['msg']} (came: {first['input']!r:.60})."
        ) from None


def fingerprint(folder: Path) -> str:
    """Hash every policy file under `folder`: 12 hex digits, the same for the same text."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.toml")):
        digest.update(str(file.relative_to(folder)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
