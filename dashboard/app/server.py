"""The server of the web app: Streamlit's own, with the logins of this installation."""

import gc
from pathlib import Path

from starlette.middleware import Middleware
from streamlit.runtime.secrets import SecretsValue
from streamlit.starlette import App

from dashboard.app.assets import Assets
from dashboard.app.document import page_routes
from dashboard.app.script import PAGES  # read now, so that no visitor waits for it
from dashboard.login import Login, read_login
from forecasting.settings import Settings


def secrets_of(login: Login) -> dict[str, SecretsValue]:
    """What Streamlit's own login reads, as its `secrets.toml` would hold it.

    Handed over in memory: it is written in no file.
    """
    return {
        "auth": {
            "redirect_uri": f"{login.address.rstrip('/')}/oauth2callback",
            "cookie_secret": login.cookie_secret.get_secret_value(),
            "client_id": login.client_id,
            "client_secret": login.client_secret.get_secret_value(),
            "server_metadata_url": login.discovery,
            "client_kwargs": {"scope": login.scope},
        }
    }


gc.collect()
gc.freeze()  # what was read lives as long as the server: to search it again takes .25 s
login = read_login(Settings())
base = "" if login is None else login.place.path
app = App(
    Path(__file__).with_name("script.py"),
    secrets=None if login is None else secrets_of(login),
    routes=page_routes([*PAGES], base),
    middleware=[Middleware(Assets, root=base.rstrip("/"))],
)
