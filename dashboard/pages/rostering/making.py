"""Making rosters: this week again, its simulation, and weeks that have none yet."""

import streamlit as st

from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, heading
from dashboard.queries import chain
from forecasting.calendar import week_name


def draw_making(view: View, week: str) -> None:
    """Long work, as jobs that go on when the page is left."""
    words = view.words
    heading(words("handout.again"))
    actions = {
        words("job.again_roster"): ("roster", "--week", week),
        words("job.start_simulate"): ("simulate", "--week", week),
    }
    for column, (label, action) in zip(st.columns(4), actions.items(), strict=False):
        with column:
            start_button(view, label, action, key=f"start_{action[0]}")
    _draw_next(view)


def _draw_next(view: View) -> None:
    """A week with a requirement and without a roster, to be made."""
    words, left = view.words, _left(view)
    if not left:
        st.caption(words("handout.all_made"))
        return
    week = st.selectbox(
        words("handout.next"), left, format_func=words.week, key="make_week"
    )
    label = words("job.start_roster")
    start_button(view, label, ("roster", "--week", week), key="start_next")


def _left(view: View) -> list[str]:
    required = chain.newest_run(view.workspace, "requirement")
    made = set(chain.weeks_of(view.workspace, "roster"))
    return sorted(
        week
        for week in chain.figure_names(required, "required_hours")
        if week not in made and week >= week_name(view.this_week)
    )
