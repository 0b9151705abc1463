"""Logins as the environment sets them up, and who an identity is of."""

from datetime import UTC, datetime

import pytest

from dashboard.access import server_options
from dashboard.login import Login, is_loopback, read_login, user_of
from dashboard.roles import Role
from forecasting.errors import PolicyError
from forecasting.settings import Settings
from tests.dashboard.served import login_variables

ISSUER = "https://login.gemeente.example/realm"
ADDRESS = "https://piekwijzer.gemeente.example"
CLAIMS: dict[str, object] = {
    "is_logged_in": True,
    "iss": ISSUER,
    "exp": 1_800_000_000,
    "preferred_username": "anna",
    "groups": ["bz-planners", "zwembad"],
}


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in login_variables(ISSUER, ADDRESS).items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def _login() -> Login:
    login = read_login(Settings())
    assert login is not None
    return login


def test_without_a_provider_there_are_no_logins(monkeypatch: pytest.MonkeyPatch):
    """Whatever else is set."""
    monkeypatch.delenv("PIEKWIJZER_IDENTITY_PROVIDER", raising=False)
    assert read_login(Settings()) is None


def test_all_that_is_missing_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch):
    """A provider alone is not enough, and no half of a login is served."""
    for name in login_variables(ISSUER, ADDRESS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIEKWIJZER_IDENTITY_PROVIDER", ISSUER)
    with pytest.raises(PolicyError) as told:
        _login()
    for name in ("CLIENT_ID", "CLIENT_SECRET", "COOKIE_SECRET", "ADDRESS", "ROLES"):
        assert f"PIEKWIJZER_LOGIN_{name}" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PIEKWIJZER_LOGIN_COOKIE_SECRET", "hush-hush"),
        ("PIEKWIJZER_LOGIN_ROLES", "hush-hush"),
        ("PIEKWIJZER_LOGIN_ROLES", '{"hush-hush": ["x"]}'),
        ("PIEKWIJZER_LOGIN_ROLES", "{}"),
        ("PIEKWIJZER_LOGIN_SCOPE", "profile"),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(
    variables: pytest.MonkeyPatch, name: str, value: str
):
    """It may be a secret in the wrong place."""
    variables.setenv(name, value)
    with pytest.raises(PolicyError, match="PIEKWIJZER_LOGIN_") as told:
        _login()
    if value == "hush-hush":
        assert value not in str(told.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PIEKWIJZER_LOGIN_ADDRESS", "http://piekwijzer.gemeente.example"),
        ("PIEKWIJZER_LOGIN_ADDRESS", "piekwijzer"),
        ("PIEKWIJZER_IDENTITY_PROVIDER", "http://login.gemeente.example"),
    ],
)
def test_a_login_that_could_be_overheard_is_refused(
    variables: pytest.MonkeyPatch, name: str, value: str
):
    """Only this machine itself may do without https."""
    variables.setenv(name, value)
    with pytest.raises(PolicyError, match="expected an address with https://"):
        _login()


def test_an_identity_gives_name_roles_and_its_end(variables: pytest.MonkeyPatch):
    """Groups that give no role count for nothing."""
    user = user_of(CLAIMS, _login())
    assert user is not None
    assert (user.name, user.roles, user.verified) == (
        "anna",
        frozenset({Role.planner}),
        True,
    )
    assert user.until == datetime.fromtimestamp(1_800_000_000, UTC)


@pytest.mark.parametrize(
    "change",
    [
        {"is_logged_in": False},
        {"exp": None},
        {"exp": "1800000000"},
        {"exp": True},
        {"iss": "https://login.elsewhere.example"},
        {"iss": None},
        {"preferred_username": ""},
        {"preferred_username": "  "},
        {"preferred_username": "x" * 121},
        {"preferred_username": "anna\nbob"},
        {"preferred_username": ["anna"]},
    ],
)
def test_an_identity_with_a_fault_is_nobodys(variables: pytest.MonkeyPatch, change):
    """No end, another provider, no usable name."""
    assert user_of(CLAIMS | change, _login()) is None


@pytest.mark.parametrize(
    ("claim", "groups"),
    [
        ("groups", "bz-planners"),
        ("realm_access.roles", None),
        ("https://gemeente.example/roles", None),
    ],
)
def test_roles_are_found_wherever_the_provider_puts_them(
    variables: pytest.MonkeyPatch, claim: str, groups
):
    """A text, a claim within another, or a name that has dots of its own."""
    variables.setenv("PIEKWIJZER_LOGIN_ROLES_CLAIM", claim)
    held: dict[str, object] = {
        "groups": groups,
        "realm_access": {"roles": ["bz-planners"]},
        "https://gemeente.example/roles": ["bz-planners"],
    }
    user = user_of(CLAIMS | held, _login())
    assert user is not None
    assert user.roles == {Role.planner}


@pytest.mark.parametrize("groups", [None, [], {}, 3, [["bz-planners"]], "bz-planner"])
def test_a_strange_claim_gives_no_role(variables: pytest.MonkeyPatch, groups):
    """Nobody becomes something by accident."""
    user = user_of(CLAIMS | {"groups": groups}, _login())
    assert user is not None
    assert user.roles == frozenset()


def test_with_logins_any_address_may_be_bound_and_one_name_is_answered_to(
    variables: pytest.MonkeyPatch,
):
    """A page of another site cannot pass for this one."""
    options = server_options("0.0.0.0", 8501, _login())
    assert "--server.address=0.0.0.0" in options
    assert "--server.allowedHosts=piekwijzer.gemeente.example" in options
    assert f"--server.corsAllowedOrigins={ADDRESS}" in options


def test_without_logins_other_names_of_this_machine_are_not_answered_to():
    """A site that lets its own name point here is not let in."""
    hosts = [one for one in server_options("127.0.0.1", 8501) if "Hosts" in one]
    assert hosts == [
        "--server.allowedHosts=127.0.0.1",
        "--server.allowedHosts=localhost",
    ]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "::1", "[::1]", "localhost", "127.9.9.9"]
)
def test_this_machine_is_known_by_each_of_its_own_names(host: str):
    """Loopback in both families."""
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "localhost.example", "10.0.0.1", ""])
def test_other_names_are_not_this_machine(host: str):
    """All interfaces are others, too."""
    assert not is_loopback(host)
