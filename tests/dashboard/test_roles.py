"""Who may do what, and which commands take which leave."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.roles import (
    GRANTS,
    Action,
    RefusedError,
    Role,
    User,
    action_of,
    allowed,
    owner,
    require,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WRITES = set(Action) - {Action.look, Action.see_people, Action.see_records}


def _one(*roles: Role, until: datetime | None = None) -> User:
    return User("anna", frozenset(roles), verified=True, until=until)


def test_a_viewer_looks_and_does_nothing_else():
    """Neither a write nor a person is a viewer's."""
    granted = {action for action in Action if allowed(_one(Role.viewer), action, NOW)}
    assert granted == {Action.look}


def test_who_works_when_is_for_planner_and_approver_alone():
    """An administrator of the system has no need of it."""
    seen = {role for role in Role if allowed(_one(role), Action.see_people, NOW)}
    assert seen == {Role.planner, Role.approver}


def test_no_planner_approves_by_that_role():
    """Approving is another role, whoever else may have both."""
    assert not allowed(_one(Role.planner), Action.approve, NOW)
    assert allowed(_one(Role.planner, Role.approver), Action.approve, NOW)


def test_without_a_role_nothing_is_allowed():
    """Being logged in is no right."""
    assert not any(allowed(_one(), action, NOW) for action in Action)


@pytest.mark.parametrize("action", Action)
def test_a_login_that_ended_allows_nothing(action: Action):
    """At the very moment of its end, too."""
    ended = User("anna", frozenset(Role), verified=True, until=NOW)
    assert not allowed(ended, action, NOW)
    assert allowed(ended, action, NOW - timedelta(seconds=1))
    with pytest.raises(RefusedError, match="Log in"):
        require(ended, action, NOW)


def test_a_refusal_names_the_role_that_is_needed():
    """Expected, came, remedy."""
    with pytest.raises(RefusedError, match=r"needs the role planner; .* has: viewer"):
        require(_one(Role.viewer), Action.run, NOW)
    with pytest.raises(RefusedError, match="found nobody"):
        require(None, Action.look, NOW)


def test_who_works_on_the_machine_may_everything_and_is_not_verified():
    """As before there were logins."""
    user = owner("root")
    assert all(allowed(user, action, NOW) for action in Action)
    assert not user.verified


def test_every_write_is_granted_to_somebody():
    """No act is out of everybody's reach."""
    assert frozenset().union(*GRANTS.values()) == set(Action)
    assert WRITES


@pytest.mark.parametrize(
    ("command", "action"),
    [
        ("forecast", Action.run),
        ("reminders plan", Action.run),
        ("reminders approve --week 2027-W05", Action.approve),
        ("reminders export --week 2027-W05", Action.hand_out),
        ("import a.csv --source jcc", Action.read_in),
        ("export roster --week 2027-W02", Action.hand_out),
        ("publish --week 2027-W02", Action.publish),
        ("forget --before 2020-01-01", Action.administer),
        ("restore file", Action.administer),
        ("reminders", Action.administer),
        ("", Action.administer),
    ],
)
def test_a_command_takes_the_leave_of_what_it_does(command: str, action: Action):
    """What nobody thought of is an administrator's."""
    assert action_of(tuple(command.split())) == action
