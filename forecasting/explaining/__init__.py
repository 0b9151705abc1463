"""Why a forecast says what it says, and whether it held: causes, peaks, reckoning."""
