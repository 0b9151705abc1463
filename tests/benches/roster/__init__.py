"""How good and how fast rosters are, beside a direct model of the same instances."""
