"""What the letters did, in a sentence: Dutch (0) or English (1)."""

from collections.abc import Mapping

from staffing.reminders.effect_policy import EffectPolicy
from staffing.reminders.effect_tables import ALL_LEADS

Row = Mapping[str, object]
CHANNELS = {
    "letter": ("Brieven", "Letters"),
    "message_box": ("Berichten in de Berichtenbox", "Messages in the message box"),
    "email": ("E-mails", "E-mails"),
    "text": ("Sms-berichten", "Text messages"),
}
LEADS = (", {lead} weken voor het verlopen", ", {lead} weeks before expiry")
UNWATCHED = (
    ": nog niets te zien, want er is nog geen zending {week} weken gevolgd.",
    ": nothing to see yet, for no batch was followed for {week} weeks.",
)
TOO_FEW = (
    ": nog niets te zeggen; {week} weken na verzending kwamen er te weinig aanvragen in "
    "een van beide groepen.",
    ": nothing can be said yet; {week} weeks after mailing too few applications had come "
    "in one of the two groups.",
)
SHOWN = (
    ": {week} weken na verzending is het verschil met wie niets kreeg {difference} "
    "procentpunt aanvragen (95%: {low} tot {high}).",
    ": {week} weeks after mailing the difference with those who got none is {difference} "
    "points of applications (95%: {low} to {high}).",
)
UNSHOWN = (
    ": nog niets aangetoond; {week} weken na verzending is het verschil met wie niets "
    "kreeg {difference} procentpunt aanvragen (95%: {low} tot {high}).",
    ": nothing is shown yet; {week} weeks after mailing the difference with those who got "
    "none is {difference} points of applications (95%: {low} to {high}).",
)
NEEDED = (
    " Om de verwachte {expected} procentpunt aan te tonen ({power}% kans) zijn in totaal "
    "{needed} weken met zo'n controlegroep nodig; er zijn er {weeks}.",
    " To show the {expected} points that are expected ({power}% chance) takes {needed} "
    "weeks with such a hold-out in all; there are {weeks}.",
)
NONE_EXPECTED = (
    " Er wordt geen verschil verwacht.",
    " No difference is expected.",
)


def sentence(row: Row, policy: EffectPolicy, weeks: int, place: int) -> str:
    """What a row of `LettersDid` says; `weeks` is how many weeks of mailing there were."""
    names = CHANNELS.get(str(row["channel"]), (str(row["channel"]),) * 2)
    parts = [LEADS[place].format(**row) if row["lead"] != ALL_LEADS else ""]
    if row["difference"] is None:
        untold = TOO_FEW if row["mailed"] else UNWATCHED
        parts.append(untold[place].format(**row))
    else:
        points = {
            name: _points(row[name], place) for name in ("difference", "low", "high")
        }
        words = (SHOWN if row["shown"] else UNSHOWN)[place]
        parts.append(words.format(**{**row, **points}))
    if not row["shown"]:
        parts.append(_needed(row, policy, weeks, place))
    return names[place] + "".join(parts)


def _needed(row: Row, policy: EffectPolicy, weeks: int, place: int) -> str:
    if row["weeks_needed"] is None:
        return NONE_EXPECTED[place]
    said = {
        "expected": _points(row["expected"], place),
        "needed": row["weeks_needed"],
        "power": round(100 * policy.power),
        "weeks": weeks,
    }
    return NEEDED[place].format(**said)


def _points(share: object, place: int) -> str:
    text = f"{100 * float(str(share)):.1f}"
    return text.replace(".", ",") if place == 0 else text
