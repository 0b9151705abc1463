"""Erlang formulas: what a number of people buys."""
