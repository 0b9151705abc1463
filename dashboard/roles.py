"""Who may do what: roles, acts, and the one question every write asks first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forecasting.errors import PiekwijzerError


class Role(StrEnum):
    """What somebody is for this product; one may be several."""

    viewer = "viewer"
    planner = "planner"
    approver = "approver"
    administrator = "administrator"


class Action(StrEnum):
    """What can be done on the pages; all but the first three write something."""

    look = "look"
    see_people = "see_people"
    see_records = "see_records"
    run = "run"
    read_in = "read_in"
    note = "note"
    publish = "publish"
    hand_out = "hand_out"
    approve = "approve"
    set_standard = "set_standard"
    cancel = "cancel"
    administer = "administer"


GRANTS: dict[Role, frozenset[Action]] = {
    Role.viewer: frozenset({Action.look}),
    Role.planner: frozenset(
        {
            Action.look,
            Action.see_people,
            Action.see_records,
            Action.run,
            Action.read_in,
            Action.note,
            Action.publish,
            Action.hand_out,
            Action.cancel,
        }
    ),
    Role.approver: frozenset(
        {
            Action.look,
            Action.see_people,
            Action.see_records,
            Action.approve,
            Action.set_standard,
        }
    ),
    Role.administrator: frozenset(
        {
            Action.look,
            Action.see_records,
            Action.read_in,
            Action.cancel,
            Action.administer,
        }
    ),
}
"""What each role may do. Totals are for all; who works when is not an administrator's."""

COMMANDS: dict[tuple[str, ...], Action] = {
    **dict.fromkeys(
        (
            ("forecast",),
            ("backtest",),
            ("requirement",),
            ("what-if",),
            ("agenda",),
            ("roster",),
            ("replan",),
            ("simulate",),
            ("promises",),
            ("reminders", "plan"),
            ("reminders", "what-if"),
            ("reminders", "effect"),
        ),
        Action.run,
    ),
    ("import",): Action.read_in,
    ("publish",): Action.publish,
    ("export",): Action.hand_out,
    ("reminders", "export"): Action.hand_out,
    ("reminders", "approve"): Action.approve,
    ("reminders", "withdraw"): Action.approve,
}
"""What it takes to give a command from a page; any other is an administrator's."""


class RefusedError(PiekwijzerError):
    """Somebody asked for what none of their roles may do, or whose login has ended.

    `needed` are the roles that would do; none where what is missing is a login.
    """

    def __init__(self, text: str, needed: tuple[Role, ...] = ()) -> None:
        self.needed = needed
        super().__init__(text)


@dataclass(frozen=True)
class User:
    """Who acts: a name for the audit trail, roles, and until when a login vouches for it.

    `verified` tells whether a login stands behind the name; without one, `until` is None.
    """

    name: str
    roles: frozenset[Role]
    verified: bool = False
    until: datetime | None = None

    def is_current(self, now: datetime) -> bool:
        """Whether the login still holds at a moment."""
        return self.until is None or now < self.until


def owner(name: str) -> User:
    """Who works on the machine itself: every role, and nothing but the system's word."""
    return User(name, frozenset(Role))


def allowed(user: User, action: Action, now: datetime) -> bool:
    """Whether any role of somebody whose login still holds may do this."""
    granted = any(action in GRANTS[role] for role in user.roles)
    return granted and user.is_current(now)


def require(user: User | None, action: Action, now: datetime) -> User:
    """Whoever acts, if that is allowed.

    Raises:
        RefusedError: nobody is logged in any more, or no role allows it.
    """
    if user is None or not user.is_current(now):
        raise RefusedError("Expected somebody who is logged in, found nobody. Log in.")
    if not allowed(user, action, now):
        roles = ", ".join(sorted(user.roles)) or "none"
        needed = tuple(role for role in Role if action in GRANTS[role])
        raise RefusedError(
            f"'{action}' needs the role {' or '.join(needed)}; {user.name} has: {roles}. "
            "Ask whoever assigns roles at the identity provider.",
            needed,
        )
    return user


def action_of(command: tuple[str, ...]) -> Action:
    """What it takes to give a command of the command line."""
    known = (command[:length] for length in (2, 1))
    found = (COMMANDS[words] for words in known if words in COMMANDS)
    return next(found, Action.administer)
