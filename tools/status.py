#!/usr/bin/env python3
"""Show how far a run is: while it works, after it has ended, and after its head was killed.

RUN is the run's results folder (--outdir) or the folder that it was started from. Nothing is written. Shown are the
items of each step (done, running, waiting, failed), the rate, the time left, the slowest tasks, and failures by cause.

Exit status: 0 if the run works or has succeeded, 1 if it ended with an error or its head is gone, 2 if RUN is no run.
"""

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bin"), str(ROOT / "tools")]

from monitoring.progress import progress_of  # noqa: E402
from monitoring.record import State, find_run  # noqa: E402
from monitoring.show import as_json, as_text  # noqa: E402
from monitoring.tasks import TaskReader  # noqa: E402

HOME_AND_CLEAR = "\x1b[H\x1b[J"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", metavar="RUN", type=Path, help="the run's results folder or launch folder")
    parser.add_argument("--watch", action="store_true", help="show it again and again until the run ends")
    parser.add_argument("--every", type=float, default=10, help="seconds between two looks with --watch (default: 10)")
    parser.add_argument("--json", action="store_true", help="print one JSON object (with --watch one at a time)")
    args = parser.parse_args()
    reader = None
    while True:
        try:
            run = find_run(args.run)
        except (FileNotFoundError, NotADirectoryError) as error:
            print(error, file=sys.stderr)
            return 2
        reader = reader or TaskReader(run.work)
        progress = progress_of(run, reader)
        if args.watch and sys.stdout.isatty() and not args.json:
            print(end=HOME_AND_CLEAR)
        print(as_json(progress) if args.json else as_text(progress), flush=True)
        if not args.watch or run.state is not State.RUNNING:
            return int(run.state in (State.FAILED, State.CRASHED))
        time.sleep(args.every)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
