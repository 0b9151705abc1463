"""How a contact that gives up counts, in the share served within the threshold."""

from typing import Literal, get_args

from forecasting.errors import InputError

Abandoned = Literal["late", "left_out", "short_left_out", "in_time"]
"""`late`: offered, and not served in time. `left_out`: not counted at all.
`short_left_out`: not counted when it gave up within the threshold, else late.
`in_time`: as served in time when it gave up within the threshold, else late."""

LATE, LEFT_OUT, SHORT_LEFT_OUT, IN_TIME = range(4)


def treatment_code(abandoned: str) -> int:
    """The number of a treatment, as the kernels know it.

    Raises:
        InputError: there is no such treatment.
    """
    known = get_args(Abandoned)
    if abandoned not in known:
        raise InputError(
            f"expected abandoned to be one of {', '.join(known)}, came {abandoned!r}"
        )
    return known.index(abandoned)
