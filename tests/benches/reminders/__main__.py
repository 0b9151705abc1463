"""Plans letters at full size, in worlds unlike the assumed one, and measures what they do.

`make bench NAME=reminders` prints one JSON line per case; `python -m
tests.benches.reminders recovery` runs one part. Timings mean something only on a machine
that rests.
"""

import sys

from tests.benches.parts import run_parts

PARTS = ("plan", "worlds", "recovery", "effect")

if __name__ == "__main__":
    run_parts("reminders", sys.argv[1:] or PARTS)
