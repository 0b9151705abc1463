"""The files of an approved batch: what they hold is settled once, then taken along."""

from functools import partial
from typing import get_args

import streamlit as st

from dashboard.pages.letters.taking import prepare, take
from dashboard.pages.saying import attempt
from dashboard.pages.view import View
from dashboard.queries import batches
from dashboard.roles import Action
from staffing.publish.batch_files import BatchFormat
from staffing.reminders.batches.stored import EXPORTED, QUOTA, REFERENCES, Batch

FORMATS: tuple[BatchFormat, ...] = get_args(BatchFormat)
TYPES = ["csv", "xlsx"]


def draw_batch(view: View, known: batches.Known) -> None:
    """To settle what a batch holds or, once that is done, its files in every format."""
    words, batch = view.words, known.batch
    week = words.week(batch.mailing_week)
    st.subheader(words("handing.title", week=week), anchor=False)
    # The files may hold references to people.
    if not view.may(Action.hand_out) or not view.may(Action.see_people):
        st.caption(words("handing.who"))
    elif batch.content is None:
        _draw_settling(view, batch)
    else:
        _draw_files(view, batch)


def _draw_settling(view: View, batch: Batch) -> None:
    words = view.words
    st.markdown(words("handing.choose"))
    content = st.radio(
        words("handing.content"),
        [QUOTA, REFERENCES],
        format_func=lambda code: words(f"handing.{code}"),
        captions=[words(f"handing.{code}_note") for code in (QUOTA, REFERENCES)],
        key=f"content_{batch.name}",
    )
    file = None
    if content == REFERENCES:
        label = words("handing.upload")
        file = st.file_uploader(label, TYPES, key=f"references_{batch.name}")
    lacks = content == REFERENCES and file is None
    label = words("handing.prepare")
    key = f"prepare_{batch.name}"  # no press is taken for one on another batch
    pressed = st.button(label, type="primary", disabled=lacks, key=key)
    if pressed and attempt(view, lambda: prepare(view, batch, file)):
        st.rerun()


def _draw_files(view: View, batch: Batch) -> None:
    """A button per format, whose files are made and told to the trail when pressed."""
    words = view.words
    st.markdown(words(f"handing.holds_{batch.content}"))
    step = batch.steps.get(EXPORTED)
    if step is not None:
        at = words.moment(view.local(step.at))
        st.text(words("handing.settled", by=step.by, at=at))  # a name is no markup
    with st.container(horizontal=True):
        for kind in FORMATS:
            st.download_button(
                words(f"handing.{kind}"),
                partial(_content, view, batch, kind),
                file_name=f"zending-{batch.name}-{kind}.zip",
                key=f"take_{batch.name}_{kind}",
                icon=":material/download:",
                on_click="ignore",
            )
    st.caption(words("handing.note"))


def _content(view: View, batch: Batch, kind: BatchFormat) -> bytes:
    return take(view, batch, kind, view.clock())
