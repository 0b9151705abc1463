"""What every batch states, and how long references are kept (`[batch]`)."""

from typing import Annotated

from pydantic import Field, StringConstraints

from forecasting.policy import Policy

MOST_WEEKS = 1040
"""Twenty years: longer than any document is valid."""


Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A text that says something."""


class BatchPolicy(Policy):
    """Purpose, legal basis, objections, retention and draw of batches.

    `seed` decides for good who is held out: batches approved with another one are not
    added to. References go `retention_weeks` after the week of expiry. A document that
    another authority wrote about (`elsewhere`, such as RDW of licences) gets no letter
    where `skip_elsewhere`.
    """

    purpose: Said
    legal_basis: Said
    objections: Said
    retention_weeks: int = Field(ge=0, le=MOST_WEEKS)
    seed: int = Field(ge=0, lt=2**63)
    skip_elsewhere: bool = True
