"""Why a roster falls short, what binds, and what would cure it: computed, not guessed."""
