"""The web app: what `streamlit run` gets.

The script has a folder of its own: Streamlit would take a folder `pages` beside it for
its own kind of pages, and run those files by their address.
"""
