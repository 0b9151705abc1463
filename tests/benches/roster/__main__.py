"""Solves shift cover and weeks at the town hall, ours beside a direct CP-SAT model.

`make bench NAME=roster` prints one JSON line per case; `python -m tests.benches.roster
instances` runs one part. Timings mean something only on a machine that rests.
"""

import sys

from tests.benches.parts import run_parts

PARTS = ("instances", "weeks", "contradictions")

if __name__ == "__main__":
    run_parts("roster", sys.argv[1:] or PARTS)
