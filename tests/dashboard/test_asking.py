"""What came of a press is kept, also where another press stops the page that did it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from dashboard.pages.asking import READ, Said, Told, ask, carry_out
from dashboard.pages.view import View

PLACE = "here"
DONE: Said = ("success", "gedaan")
NO_PAGE: View = None  # type: ignore[assignment]  # what is asked here looks at no page


class Stopped(dict[str, Any]):
    """A session of a run that another press stops: at its next touch, once `stop` is set."""

    stop = False

    def _touched(self) -> None:
        if self.stop:
            raise StopException

    def get(self, key: str, default: Any = None) -> Any:
        self._touched()
        return super().get(key, default)

    def pop(self, key: str, default: Any = None) -> Any:
        self._touched()
        return super().pop(key, default)

    def __setitem__(self, key: str, value: Any) -> None:
        self._touched()
        super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        self._touched()
        super().__delitem__(key)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Stopped:
    state = Stopped()
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_what_was_done_is_told_though_the_run_is_stopped_right_after(session: Stopped):
    done: list[int] = []

    def deed(_view: object) -> Said:
        session.stop = True
        done.append(1)
        return DONE

    ask(PLACE, deed)
    carry_out(NO_PAGE, PLACE)
    session.stop = False
    told = session[f"{PLACE}_told"]
    assert isinstance(told, Told)
    assert told.said == DONE
    carry_out(NO_PAGE, PLACE)
    assert done == [1]


def test_what_was_not_begun_when_the_run_is_stopped_is_done_in_the_next(
    session: Stopped,
):
    done: list[int] = []

    def deed(_view: object) -> Said:
        done.append(1)
        return DONE

    ask(PLACE, deed)
    session.stop = True
    with pytest.raises(StopException):
        carry_out(NO_PAGE, PLACE)
    session.stop = False
    assert not done
    carry_out(NO_PAGE, PLACE)
    assert done == [1]


def _page() -> None:
    from types import SimpleNamespace

    import streamlit as st

    from dashboard.pages.asking import draw_outcome

    view = SimpleNamespace(now=st.session_state["now"])
    draw_outcome(view, "here", "success")  # type: ignore[arg-type]  # it asks only the time
    draw_outcome(view, "here", "success")  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("after", [timedelta(0), READ / 2, READ])
def test_it_is_told_once_in_a_drawing_and_until_it_could_be_read(after: timedelta):
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    test = AppTest.from_function(_page)
    test.session_state[f"{PLACE}_told"] = Told(DONE)
    test.session_state["now"] = now
    assert [one.value for one in test.run().success] == ["gedaan"]
    test.session_state["now"] = now + after
    drawn = after != timedelta(0)  # the same moment is the same drawing
    told = ["gedaan"] if drawn and after < READ else []
    assert [one.value for one in test.run().success] == told
