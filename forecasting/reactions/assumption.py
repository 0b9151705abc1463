"""Numbers that are assumed until they are measured here: value, range and source."""

from pydantic import Field, model_validator

from forecasting.policy import Policy


class Assumption(Policy):
    """A number with its range and its source; the source says who measured it, if anyone."""

    value: float
    low: float
    high: float
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_range(self) -> "Assumption":
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value} is outside {self.low}..{self.high}")
        return self


class Share(Assumption):
    """An assumed part of a whole."""

    value: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
