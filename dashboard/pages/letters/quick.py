"""Sliders with an answer at once, and a button for the exact plan of that choice."""

from dataclasses import dataclass

import streamlit as st

from dashboard.pages.faults import said_fault
from dashboard.pages.letters.again import OPTIONS, draw_again, plan_command
from dashboard.pages.memory import remembered
from dashboard.pages.parts import part
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, heading, whose
from dashboard.queries import chain, quick
from forecasting.errors import PiekwijzerError
from forecasting.records import RunRecord
from staffing.pipeline.already_mailed import after_batches
from staffing.pipeline.mailing_inputs import MailingInputs
from staffing.reminders.choices import Choices
from staffing.reminders.gains import HELPS, HOURS, PEAK
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.quick import MEASURED_CASES, MOST_OFF, PEAK_OFF, Reckoned

LEAST_BUDGET, BUDGET_STEP = 20_000, 500
LONGEST_LEAD = 52
FEWEST_WEEKS, MOST_WEEKS = 4, 60
WORTHS = (10.0, 25.0, 50.0, 100.0, 200.0, 500.0, 1000.0)


@dataclass(frozen=True)
class Asked:
    """The plan as it stands, the policy it was made with, and what is chosen instead."""

    run: RunRecord
    policy: MailingPolicy
    choices: Choices
    weeks: int

    @property
    def is_the_plan(self) -> bool:
        """Whether nothing else is chosen than the plan was made with."""
        as_it_is = (_as_they_are(self.policy), quick.weeks_of(self.run))
        return (self.choices, self.weeks) == as_it_is

    @property
    def command(self) -> tuple[str, ...]:
        """The command that makes the plan of the choice."""
        told = {OPTIONS[name]: word for name, word in self.choices.told().items()}
        own = {"--weeks": f"{self.weeks}", "--seed": f"{self.run.seed}"}
        return plan_command(told | own)


def draw_quick(view: View, run: RunRecord) -> None:
    """The section; a choice is only reckoned once it differs from the plan."""
    heading(view.words("quick.heading"))
    _draw(view, run)


@part()
def _draw(view: View, run: RunRecord) -> None:
    words = view.words
    try:
        policy = quick.in_force(view.workspace, run)
    except PiekwijzerError as error:  # its channel is described no more
        st.warning(said_fault(words, error), icon=":material/error:")
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        asked = Asked(run, policy, _sliders(view, policy, run.id), _weeks(view, run))
        st.caption(words("quick.seed", seed=run.seed))
    with right:
        if asked.is_the_plan:
            st.info(words("quick.move"), icon=":material/tune:")
            draw_again(view, run)
            return
        try:
            _draw_answer(view, asked)
        except PiekwijzerError as error:
            st.warning(said_fault(words, error), icon=":material/error:")
            return
        start_button(view, words("quick.start"), asked.command, key="start_quick")
        st.caption(words("quick.start_note"))


def _as_they_are(policy: MailingPolicy) -> Choices:
    return Choices(**{name: getattr(policy, name) for name in OPTIONS})


def _sliders(view: View, policy: MailingPolicy, own: str) -> Choices:
    """What is chosen; of another plan (`own` names it) they begin as that one stands."""
    words = view.words
    most = max(LEAST_BUDGET, 2 * policy.budget)
    longest = max(LONGEST_LEAD, policy.earliest_lead_weeks)
    worths = sorted({*WORTHS, policy.letters_per_hour})
    budgets = sorted({*range(0, most + 1, BUDGET_STEP), policy.budget})
    budget = st.select_slider(
        words("choice.budget"), budgets, policy.budget, format_func=words.number,
        key=f"quick_budget_{own}", help=words("quick.budget_help"),
    )  # fmt: skip
    lead = st.slider(
        words("choice.earliest_lead_weeks"), policy.latest_lead_weeks, longest,
        policy.earliest_lead_weeks, key=f"quick_lead_{own}", help=words("quick.lead_help"),
    )  # fmt: skip
    channels = quick.channels(view.workspace)
    channel = st.selectbox(
        words("choice.channel"), channels, channels.index(policy.channel),
        format_func=lambda code: words.named("channel", code), key=f"quick_channel_{own}",
    )  # fmt: skip
    worth = st.select_slider(
        words("choice.letters_per_hour"), worths, policy.letters_per_hour,
        format_func=words.number, key=f"quick_worth_{own}", help=words("quick.worth_help"),
    )  # fmt: skip
    return Choices(
        budget=budget,
        earliest_lead_weeks=lead,
        channel=channel,
        letters_per_hour=worth,
    )


def _weeks(view: View, run: RunRecord) -> int:
    """How far ahead to plan, at first as the plan does."""
    weeks: int = st.slider(
        view.words("choice.weeks"), FEWEST_WEEKS, MOST_WEEKS, quick.weeks_of(run),
        key=f"quick_weeks_{run.id}", help=view.words("quick.weeks_help"),
    )  # fmt: skip
    return weeks


def _draw_answer(view: View, asked: Asked) -> None:
    words, price = view.words, asked.policy.price_letter
    with st.spinner(words("quick.busy")):
        given = _inputs(view, asked.run, asked.weeks)
        found = _answer(view, asked, given, asked.choices)
    columns = st.columns(3)
    euros = words.euros(round(found.paper_letters, -2) * price)
    figures = found.as_figures()
    cards = (
        ("quick.letters", words.number(round(found.letters, -2)), euros),
        ("quick.above", words.signed(figures[HOURS]), _of_plan(view, asked, HOURS)),
        ("quick.peak", words.signed(figures[PEAK]), _of_plan(view, asked, PEAK)),
    )
    for column, (key, value, note) in zip(columns, cards, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(words(key), words("quick.about", value=value))
            st.caption(note)
    if found.verdict != HELPS:
        st.warning(words("quick.no_help"), icon=":material/block:")
    off = words(
        "quick.approximate",
        cases=MEASURED_CASES,
        most=words.share(MOST_OFF),
        peak=words.number(PEAK_OFF, 1),
    )
    st.caption(f"{off} {_off(view, asked, given)}")


def _of_plan(view: View, asked: Asked, measure: str) -> str:
    """What the plan as it stands says, with its settings."""
    change = chain.figure(asked.run, "gains", measure, "change")
    told = view.words("missing") if change is None else view.words.signed(change)
    return view.words("quick.of_plan", hours=told)


def _off(view: View, asked: Asked, given: MailingInputs) -> str:
    """How far off it is with the settings of the plan, which is known exactly."""
    words, exact = view.words, chain.figure(asked.run, "tried", HOURS)
    other_weeks = asked.weeks != quick.weeks_of(asked.run)
    if exact is None or other_weeks or list(given.runs) != list(asked.run.inputs):
        return ""
    same = _answer(view, asked, given, _as_they_are(asked.policy))
    said = {"exact": words.signed(exact, 1),
            "quick": words.signed(float(same.as_figures()[HOURS]), 1)}  # fmt: skip
    return words("quick.off", **said)


def _inputs(view: View, run: RunRecord, weeks: int) -> MailingInputs:
    state = quick.mailed_state(view.workspace)
    key = ("quick inputs", f"{weeks}", *whose(view, run), *state)
    return remembered(key, lambda: quick.inputs(view.workspace, run, weeks))


def _answer(
    view: View, asked: Asked, given: MailingInputs, choices: Choices
) -> Reckoned:
    response = given.response.response
    chosen = choices.applied(asked.policy, response.channel)
    policy = after_batches(
        view.workspace, chosen, response, given.load.hours["week"][0]
    )
    whole = (f"{asked.weeks}", policy.model_dump_json())
    key = ("quick answer", *whose(view, asked.run), *whole)
    return remembered(key, lambda: quick.answer(given, policy, asked.run.seed))
