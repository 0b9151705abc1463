import pytest

from dashboard.access import server_options
from forecasting.errors import PolicyError


def test_the_pages_are_served_on_this_machine_only():
    options = server_options("127.0.0.1", 8501)
    assert "--server.address=127.0.0.1" in options
    assert "--server.port=8501" in options


def test_forged_requests_are_refused_and_nothing_is_reported_outside():
    options = server_options("localhost", 8501)
    assert "--server.enableXsrfProtection=true" in options
    assert "--browser.gatherUsageStats=false" in options


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "planner.example"])
def test_another_address_is_refused_without_a_login(host: str):
    with pytest.raises(PolicyError, match="no identity provider"):
        server_options(host, 8501)


@pytest.mark.parametrize("port", [0, 70000])
def test_a_port_that_is_none_is_refused(port: int):
    with pytest.raises(PolicyError, match="port"):
        server_options("127.0.0.1", port)
