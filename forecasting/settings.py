"""Where things are: the home folder, the policy folder, the database, the workers."""

import getpass
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, PositiveInt, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from forecasting.errors import PolicyError

PACKAGE = Path(__file__).resolve().parent


def shipped(name: str, beside: str) -> Path:
    """A folder that ships with the product: beside the packages, or inside the wheel."""
    checkout = PACKAGE.parent / beside
    return checkout if checkout.is_dir() else PACKAGE / "_shipped" / name


def account() -> str:
    """The name of the system's account; its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's account may be a number only
        return f"uid {os.getuid()}"


class Settings(BaseSettings):
    """Settings of one installation, from arguments or `PIEKWIJZER_*` variables.

    `actor` is who works with it, for the audit trail: the account of the system unless
    something else is said. `identity_provider` is the address of the organisation's
    logins (OIDC), where it has any: then only who is logged in may approve.
    """

    model_config = SettingsConfigDict(env_prefix="PIEKWIJZER_", frozen=True)

    home: Path = Path("home")
    config: Path = shipped("config", "config")
    database_url: str | None = None
    executor: Literal["processes", "sequential", "ray"] = "processes"
    workers: PositiveInt = 2
    identity_provider: str | None = Field(default=None, min_length=1)
    actor: str = Field(default_factory=account, min_length=1, max_length=120)

    @property
    def lake(self) -> Path:
        """Folder of the Parquet lake."""
        return self.home / "lake"

    @property
    def exports(self) -> Path:
        """Folder that holds what the product hands out."""
        return self.home / "exports"

    @property
    def url(self) -> str:
        """Database URL: SQLite in the home folder unless one was given."""
        return self.database_url or f"sqlite:///{self.home / 'piekwijzer.db'}"

    @property
    def migrations(self) -> Path:
        """Folder of the Alembic migrations."""
        return shipped("migrations", "data/migrations")


def read_settings(given: Mapping[str, Path]) -> Settings:
    """Settings from the environment, with those that were given in their place.

    Raises:
        PolicyError: a variable holds something else than expected.
    """
    try:
        return Settings().model_copy(update=dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        variable = f"PIEKWIJZER_{first['loc'][0]}".upper()
        raise PolicyError(
            f"{variable}: {first['msg']} (came: {first['input']!r:.60})."
        ) from None
