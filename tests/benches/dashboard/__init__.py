"""How fast the dashboard answers in a real browser, alone and with twenty at once."""
