"""Figures and tables as the pages show them: one look, safe for the colour-blind."""
