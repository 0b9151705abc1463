"""Logins of the organisation's identity provider (OpenID Connect), from the environment.

They belong to an installation, not to its policy: no secret and no name of a group enters
the configuration folder, a run or a backup.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from dashboard.roles import Role, User
from forecasting.errors import PolicyError
from forecasting.settings import Settings

PREFIX = "PIEKWIJZER_LOGIN_"
SECRETS = (f"{PREFIX}CLIENT_SECRET", f"{PREFIX}COOKIE_SECRET")
DISCOVERY = "/.well-known/openid-configuration"
LONGEST_NAME = 120
Group = Annotated[str, Field(min_length=1)]


class Login(BaseSettings):
    """How this installation is known to the provider, and how it reads who came.

    `address` is where browsers find the dashboard. `roles_claim` and `name_claim` are
    claims of the ID token, a dot for one within another; `roles` tells which values of
    the first give which role. Values may be files too, in the folder that systemd names
    in `CREDENTIALS_DIRECTORY`.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        frozen=True,
        secrets_dir=os.environ.get("CREDENTIALS_DIRECTORY"),
    )

    provider: str
    client_id: str = Field(min_length=1)
    client_secret: SecretStr = Field(min_length=1)
    cookie_secret: SecretStr = Field(min_length=32)
    address: str
    roles: dict[Role, tuple[Group, ...]] = Field(min_length=1)
    roles_claim: str = Field(default="groups", min_length=1)
    name_claim: str = Field(default="preferred_username", min_length=1)
    scope: str = Field(default="openid profile email", pattern=r"\bopenid\b")

    @property
    def issuer(self) -> str:
        """How the provider calls itself in its tokens."""
        return self.provider.removesuffix(DISCOVERY).rstrip("/")

    @property
    def discovery(self) -> str:
        """Where the provider tells how to log in."""
        return self.issuer + DISCOVERY

    @property
    def place(self) -> SplitResult:
        """The parts of the address that browsers ask for."""
        return urlsplit(self.address)


def read_login(settings: Settings) -> Login | None:
    """The logins of an installation; None where it has no identity provider.

    Raises:
        PolicyError: something is missing or wrong; the line names the variables.
    """
    if settings.identity_provider is None:
        return None
    given: dict[str, Any] = {"provider": settings.identity_provider}
    try:
        login = Login(**given)  # the rest comes from the environment
    except ValidationError as error:
        raise PolicyError(_one_line(error)) from None
    except SettingsError:
        raise PolicyError(
            f"{PREFIX}ROLES: expected roles with their groups as JSON, such as "
            '{"planner": ["burgerzaken-planning"]}, came something else.'
        ) from None
    _refuse_open("PIEKWIJZER_IDENTITY_PROVIDER", login.provider)
    _refuse_open(f"{PREFIX}ADDRESS", login.address)
    return login


def _one_line(error: ValidationError) -> str:
    """All that is wrong, by variable; what came is not repeated, it may be a secret."""
    wrong = [
        f"{PREFIX}{str(one['loc'][0]).upper()}: {one['msg'].lower()}"
        for one in error.errors()
    ]
    return (
        f"An identity provider is set, but not how to log in. {'; '.join(wrong)}. "
        "See docs/access.md."
    )


def _refuse_open(variable: str, address: str) -> None:
    """Refuse an address on which a login could be overheard."""
    parts = urlsplit(address)
    if parts.hostname and parts.scheme == "https":
        return
    if parts.hostname and parts.scheme == "http" and is_loopback(parts.hostname):
        return
    raise PolicyError(
        f"{variable}: expected an address with https://, came '{address:.80}'. "
        "Only on this machine itself may it be http://."
    )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and no other can reach it."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def user_of(claims: Mapping[str, object], login: Login) -> User | None:
    """Who the claims of an identity are of; None where they name nobody.

    An identity of another provider, without an end, or without a usable name is
    nobody's. One without a known group has no role.
    """
    name, end = _claim(claims, login.name_claim), claims.get("exp")
    if not claims.get("is_logged_in") or not _is_from(claims, login):
        return None
    if not isinstance(name, str) or not _is_usable(name):
        return None
    if isinstance(end, bool) or not isinstance(end, int | float):
        return None
    until = datetime.fromtimestamp(end, UTC)
    return User(name, _roles(claims, login), verified=True, until=until)


def _is_from(claims: Mapping[str, object], login: Login) -> bool:
    return str(claims.get("iss", "")).rstrip("/") == login.issuer


def _is_usable(name: str) -> bool:
    return 0 < len(name.strip()) <= LONGEST_NAME and name.isprintable()


def _roles(claims: Mapping[str, object], login: Login) -> frozenset[Role]:
    found = _claim(claims, login.roles_claim)
    groups = found if isinstance(found, list) else [found]
    return frozenset(
        role
        for role, names in login.roles.items()
        if any(group in names for group in groups)
    )


def _claim(claims: Mapping[str, object], name: str) -> object:
    """A claim by its own name or, with dots, within others."""
    if name in claims:
        return claims[name]
    head, _, rest = name.partition(".")
    inner = claims.get(head)
    return _claim(inner, rest) if rest and isinstance(inner, Mapping) else None
