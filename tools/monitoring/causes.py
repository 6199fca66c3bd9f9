"""Say what the exit code of a failed task means."""

from domainflow.run import errors

__all__ = ["cause_of"]

NO_CODE = 2147483647
"""Nextflow's exit code of a task that wrote none."""
_CAUSES = {
    1: "an error",
    errors.EXIT_USAGE: "wrong arguments",
    3: "fewer CPUs than the task asked for",
    errors.EXIT_BAD_REFERENCE: "the reference cannot be used",
    errors.EXIT_BAD_INPUT: "the input cannot be used",
    errors.EXIT_ENGINE: "a program that works on all proteins failed",
    errors.EXIT_INCONSISTENT: "numbers that must agree do not",
    errors.EXIT_IO: "reading or writing failed",
    125: "the container did not start",
    126: "a program cannot be run",
    errors.EXIT_NO_PROGRAM: "a program is missing",
    130: "interrupted",
    errors.EXIT_NO_MEMORY: "killed, most often for its memory",
    140: "out of time",
    143: "stopped from outside",
    NO_CODE: "no exit code: the node was lost, or the job was cancelled before it began",
}


def cause_of(code: int | None) -> str:
    """Return the cause of a failure in words, with the exit code."""
    if code is None:
        return _CAUSES[NO_CODE]
    words = _CAUSES.get(code, f"ended by signal {code - 128}" if 128 < code < 160 else "an error")
    return words if code == NO_CODE else f"{words} (exit status {code})"
