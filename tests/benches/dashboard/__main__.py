"""Opens the dashboard of the reference town in real Chromium and takes the time.

`make bench NAME=dashboard` prints one JSON line per case. The home is that of
`PIEKWIJZER_BENCH_HOME`, or else a demonstration made for the occasion. Timings mean
something only on a machine that rests.
"""

import sys

from tests.benches.parts import run_parts

PARTS = ("paint", "changes", "crowd")

if __name__ == "__main__":
    run_parts("dashboard", sys.argv[1:] or PARTS)
