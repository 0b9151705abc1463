"""Exported stocks that a run does not use: which, and what little or much they explain."""

from collections.abc import Iterable, Mapping, Sequence

from forecasting.models.expiry.applications import service_of
from forecasting.models.expiry.judging import Refused

KIND = "stock not used"


def stocks_not_used(refused: Sequence[Refused]) -> list[dict[str, object]]:
    """`service, as_of, explains` of each, the newest first; the last is a share."""
    newest = sorted(refused, key=lambda one: (str(one.as_of), one.service))[::-1]
    return [
        {
            "service": one.service,
            "as_of": str(one.as_of),
            "explains": round(one.explains, 4),
        }
        for one in newest
    ]


def said_of_stocks(
    refused: Sequence[Refused], names: Iterable[str], steps: tuple[str, ...]
) -> Mapping[str, list[tuple[str, str]]]:
    """The notice on the newest of them, by series of its service: its kind, the day."""
    newest = {
        one.service: str(one.as_of)
        for one in sorted(refused, key=lambda one: str(one.as_of))
    }
    owners = {name: service_of(name, newest, steps) for name in names}
    return {
        name: [(KIND, newest[service])] for name, service in owners.items() if service
    }
