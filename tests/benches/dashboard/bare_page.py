"""A page of one number: what any page that Streamlit serves takes at least."""

import streamlit

streamlit.title("Bare")
streamlit.metric("One", 1)
