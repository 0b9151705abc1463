"""Why somebody is away is nobody's business here: a column that would say so is refused."""

REASON_COLUMNS = (
    r"(?i).*(reden|reason|oorzaak|ziek|sick|illness|verzuim|medisch|medical|diagnos"
    r"|(soort|type)\W*(verlof|afwezig|leave|absence)|(verlof|leave|absence)\W*(soort|type)).*"
)
"""Names of columns that tell a reason of absence."""
