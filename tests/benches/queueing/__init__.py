"""The Erlang formulas, timed beside their peers, and how exact they are."""
