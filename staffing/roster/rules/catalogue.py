"""Every rule that a roster is held to, in the order in which breaches are told."""

from staffing.roster.rules.activity import ACTIVITY
from staffing.roster.rules.availability import AVAILABILITY
from staffing.roster.rules.format import FORMAT
from staffing.roster.rules.hours import HOURS
from staffing.roster.rules.place import PLACE
from staffing.roster.rules.preferred import PREFERRED
from staffing.roster.rules.rest import REST
from staffing.roster.rules.rule import Rule
from staffing.roster.rules.series import SERIES
from staffing.roster.rules.shift import SHIFT
from staffing.roster.rules.statement import STATEMENT
from staffing.roster.rules.sundays import SUNDAYS

RULES: tuple[Rule, ...] = (
    *FORMAT,
    *PLACE,
    *AVAILABILITY,
    *SHIFT,
    *ACTIVITY,
    *REST,
    *SUNDAYS,
    *HOURS,
    *SERIES,
    *STATEMENT,
    *PREFERRED,
)
