"""How the effect of letters is judged: settings fixed before results are seen."""

from pydantic import Field, model_validator

from forecasting.policy import Policy


class EffectPolicy(Policy):
    """When letters are judged, and what is enough (`effect` in `config/reminders.toml`).

    `week` is the week since mailing by which the share applied for is compared; looking
    at every week and taking the best would show effects that are none. `lead_bounds` are
    the last weeks of lead of each class but the longest.
    """

    week: int = Field(ge=1, le=52)
    lead_bounds: tuple[int, ...] = ()
    power: float = Field(gt=0.5, lt=1)

    @model_validator(mode="after")
    def _check_bounds(self) -> "EffectPolicy":
        rising = sorted(set(self.lead_bounds)) == list(self.lead_bounds)
        if not rising or min(self.lead_bounds, default=1) < 1:
            raise ValueError("lead_bounds must rise, from 1 week")
        return self
