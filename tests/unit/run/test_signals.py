"""Cleaning up before a signal ends a process."""

import os
import signal
import subprocess
import sys

import pytest

from domainflow.run.signals import SIGNALS

TASK = """
import os, signal, sys
from domainflow.run.signals import SIGNALS, before_a_signal_ends

for number in SIGNALS:
    signal.signal(number, signal.SIG_DFL)

def say(text):
    return lambda: print(text, flush=True)

with before_a_signal_ends(say("outer")):
    with before_a_signal_ends(say("done before")):
        pass
    with before_a_signal_ends(say("inner")):
        if sys.argv[2] == "fork" and os.fork():
            print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
            os._exit(0)
        os.kill(os.getpid(), int(sys.argv[1]))
        signal.pause()
"""


def said(root, number, where):
    environment = os.environ | {"PYTHONPATH": str(root / "bin")}
    command = [sys.executable, "-c", TASK, str(int(number)), where]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    return done.stdout.split(), done.returncode


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_the_inner_block_is_cleaned_up_first_and_the_process_ends_by_the_signal(root, number):
    assert said(root, number, "here") == (["inner", "outer"], -number)


def test_a_fork_cleans_nothing_up(root):
    assert said(root, signal.SIGTERM, "fork") == ([str(-signal.SIGTERM)], 0)
