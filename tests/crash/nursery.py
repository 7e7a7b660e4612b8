"""A process with everything imported that forks the service on each line it reads, so that a start costs no imports.

What is forked runs `mailsvc.app.serve` as the command line does; it is killed by whoever reads its process id here.
With `poison` as an argument it has the bad handler of tests.crash.poison, with `hurry` it is as tests.crash.hurry says.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from mailsvc import config as configuration
from mailsvc.app import Service, serve
from tests.crash import hurry, poison


def main(path: Path) -> None:
    """Prints `PID`, then `ready`, then `ended CODE` for every service."""
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            _serve(path)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print("ended", os.waitstatus_to_exitcode(status), flush=True)


def _serve(path: Path) -> None:
    os.setpgid(0, 0)  # so that a loss of power finds the processes that it starts, too

    def ready(_service: Service) -> None:
        os.write(answers, b"ready\n")

    answers = os.dup(1)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)  # the log
    try:
        asyncio.run(serve(configuration.load(path), ready))
    except BaseException as error:  # noqa: BLE001 - told by the exit code, with the reason for whoever looks
        print(repr(error), file=sys.stderr)
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    if "poison" in sys.argv[2:]:
        poison.install()
    if "hurry" in sys.argv[2:]:
        hurry.install()
    main(Path(sys.argv[1]))
