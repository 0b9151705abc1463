"""What every batch states, and how long references are kept (`[batch]`)."""

from pydantic import Field

from forecasting.policy import Policy

MOST_WEEKS = 1040
"""Twenty years: longer than any document is valid."""


class BatchPolicy(Policy):
    """Purpose, legal basis, objections, retention and draw of batches.

    `seed` decides for good who is held out: batches approved with another one are not
    added to. References go `retention_weeks` after the week of expiry. A document that
    another authority wrote about (`elsewhere`, such as RDW of licences) gets no letter
    where `skip_elsewhere`.
    """

    purpose: str = Field(min_length=1)
    legal_basis: str = Field(min_length=1)
    objections: str = Field(min_length=1)
    retention_weeks: int = Field(ge=0, le=MOST_WEEKS)
    seed: int = Field(ge=0, lt=2**63)
    skip_elsewhere: bool = True
