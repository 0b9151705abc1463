"""The weekly roster: instance, solver, verifier."""
