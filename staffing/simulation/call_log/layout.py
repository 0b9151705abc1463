"""What the columns and values of a call log mean (`config/call_log.toml`)."""

from pydantic import Field

from forecasting.policy import Policy


class Columns(Policy):
    """Names of the log's columns; `other_s` are further durations that must not be < 0."""

    call: list[str] = Field(min_length=1)
    day: str
    arrival: str
    queued: str
    wait_s: str
    outcome: str
    answer: str
    handling_s: str
    agent: str
    other_s: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Every column that the log must have."""
        one = [self.day, self.arrival, self.queued, self.wait_s, self.outcome]
        return [
            *self.call,
            *one,
            self.answer,
            self.handling_s,
            self.agent,
            *self.other_s,
        ]


class Values(Policy):
    """What is written in the columns of outcome, queue and agent."""

    answered: list[str] = Field(min_length=1)
    given_up: list[str]
    no_call: tuple[str, ...] = ()
    never_queued: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()


class Limits(Policy):
    """Longest credible durations in seconds."""

    wait_s: float = Field(gt=0)
    handling_s: float = Field(gt=0)


class CallLogLayout(Policy):
    """How a telephony log of one row a call is read; times are of the local clock."""

    separator: str = Field(default=";", min_length=1, max_length=1)
    day_format: str = "%Y-%m-%d"
    clock_format: str = "%H:%M:%S"
    columns: Columns
    values: Values
    limits: Limits
