"""The kinds that a registry hands over: references, outcomes of batches, suppressions.

With them the kinds that say what others plan or expect.
"""

import polars as pl

from forecasting.ingest.kinds.contact_targets import MOST
from forecasting.ingest.kinds.outside_targets import (
    OUTSIDE_FORECASTS,
    PLANNED_LETTERS,
)
from forecasting.registry_tables import (
    ARMS,
    OPAQUE,
    SUPPRESSION_REASONS,
    OutcomeReferences,
    Outcomes,
    References,
    Suppressions,
    passes_eleven_test,
)
from forecasting.targets import Field, Rule, Target

REFERENCE = Field("reference", "text", personal=True)
REFERENCE_RULES = (
    Rule(
        "reference",
        "looks like a citizen service number (BSN); expected an opaque reference",
        passes_eleven_test("reference"),
    ),
    Rule(
        "reference",
        "expected an opaque reference of 6 to 128 letters, digits or _+/=.:-",
        ~pl.col("reference").str.contains(OPAQUE),
    ),
)

REFERENCES = Target(
    kind="references",
    schema=References,
    fields=(
        REFERENCE,
        Field("service", "text"),
        Field("expiry_date", "day"),
        Field("district", "text", required=False),
        Field("age_band", "text", required=False),
    ),
    rules=REFERENCE_RULES,
    key=("reference", "service"),
    period="expiry_date",
    fleeting=True,
)

OUTCOME_REFERENCES = Target(
    kind="outcome_references",
    schema=OutcomeReferences,
    fields=(REFERENCE, Field("request_date", "day")),
    rules=REFERENCE_RULES,
    key=("reference", "request_date"),
    period="request_date",
    fleeting=True,
)

OUTCOMES = Target(
    kind="outcomes",
    schema=Outcomes,
    fields=(
        Field("batch", "text"),
        Field("arm", "text"),
        Field("stratum", "text"),
        Field("request_week", "day"),
        Field("count", "whole", minimum=0, maximum=MOST),
    ),
    rules=(
        Rule("arm", "expected mailed or held out", ~pl.col("arm").is_in(ARMS)),
        Rule(
            "request_week",
            "expected the Monday of a week",
            pl.col("request_week").dt.weekday() != 1,
        ),
    ),
    key=("batch", "arm", "stratum", "request_week"),
    period="request_week",
)

SUPPRESSIONS = Target(
    kind="suppressions",
    schema=Suppressions,
    fields=(
        Field("batch", "text"),
        Field("reason", "text"),
        Field("count", "whole", minimum=0, maximum=MOST),
    ),
    rules=(
        Rule(
            "reason",
            f"expected one of {', '.join(SUPPRESSION_REASONS)}",
            ~pl.col("reason").is_in(SUPPRESSION_REASONS),
        ),
    ),
    key=("batch", "reason"),
)

REGISTRY_TARGETS = {
    target.kind: target
    for target in (
        REFERENCES,
        OUTCOME_REFERENCES,
        OUTCOMES,
        SUPPRESSIONS,
        PLANNED_LETTERS,
        OUTSIDE_FORECASTS,
    )
}
