"""Show how far a run is: as text for a screen, or as one JSON object."""

import json
from collections.abc import Iterator, Sequence

from monitoring.progress import Failure, Progress
from monitoring.record import State

__all__ = ["as_json", "as_text", "duration"]

BAR = 30
"""Characters of the bar."""
WORDS = 110
"""Characters of a failed task's last words."""
MOST_NAMES = 3
"""Steps that are named in a row."""
_COLUMNS = ("step", "unit", "done", "running", "waiting", "failed", "per hour", "CPU time", "estimated")


def as_text(progress: Progress) -> str:
    """Return how far a run is as lines for a screen."""
    return "\n".join(_lines(progress))


def as_json(progress: Progress) -> str:
    """Return how far a run is as one JSON object."""
    facts = {name: progress.facts[name] for name in ("workflow", "name", "launch_dir", "work_dir", "start")}
    lists = ("steps", "slowest", "failures")
    plain = {name: value for name, value in progress._asdict().items() if name not in ("facts", "inputs", *lists)}
    rows = {name: [row._asdict() for row in getattr(progress, name)] for name in lists}
    inputs = {name: progress.inputs.get(name) for name in ("accepted", "rejected")}
    return json.dumps({**facts, **plain, "inputs": inputs, **rows}, indent=2)


def duration(seconds: float) -> str:
    """Return a duration in its two largest units, a short one with a decimal."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    units = (("d", whole // 86400), ("h", whole // 3600 % 24), ("min", whole // 60 % 60), ("s", whole % 60))
    first = next((place for place, (_, number) in enumerate(units) if number), len(units) - 1)
    return " ".join(f"{number} {unit}" for unit, number in units[first : first + 2] if number or first == 3)


def _lines(progress: Progress) -> Iterator[str]:
    facts, inputs = progress.facts, progress.inputs
    yield f"{facts['workflow']} run {facts['name']}: {_state(progress)}"
    if inputs:
        buckets = len(inputs["buckets"])
        groups = "samples" if facts["workflow"] == "codons" else "buckets"
        yield f"Inputs: {inputs['accepted']} accepted, {inputs['rejected']} rejected; {buckets} {groups}"
    yield f"Work folder: {facts['work_dir']}"
    yield ""
    yield from _table(progress)
    yield ""
    yield _bar(progress)
    yield from _off(progress)
    if progress.slowest:
        yield ""
        yield "Slowest tasks"
        for slow in progress.slowest:
            items = f" for {_count(slow.items, slow.unit)}" if slow.items else ""
            so_far = " so far" if slow.running else ""
            yield f"  {slow.process} {slow.tag}".rstrip() + f": {duration(slow.seconds)}{items}{so_far}"
    failed = [failure for failure in progress.failures if failure.kind != "retried"]
    retried = [failure for failure in progress.failures if failure.kind == "retried"]
    for title, some in (("Failures by cause", failed), ("Tried again", retried)):
        if some:
            yield ""
            yield title
            yield from (f"  {_failure(failure)}" for failure in some)


def _state(progress: Progress) -> str:
    facts, time = progress.facts, duration(progress.elapsed)
    if progress.state is State.RUNNING:
        return f"running for {time} (head: process {facts['pid']} on {facts['host']})"
    if progress.state is State.FINISHED:
        return f"finished after {time}"
    if progress.state is State.FAILED:
        return f"ended with an error after {time}; correct the cause and start it again with -resume"
    text = f"its head is gone after {time}; start it again with -resume"
    if progress.lost:
        text += f". {_count(progress.lost, 'task')} under way then"
        text += f", {progress.ended_since} of which ended by themselves" if progress.ended_since else ""
    return text


def _table(progress: Progress) -> Iterator[str]:
    under_way = "lost" if progress.lost else "running"
    rows: list[Sequence[str]] = [[under_way if name == "running" else name for name in _COLUMNS]]
    for step in progress.steps:
        waiting = "?" if step.waiting is None else str(step.waiting)
        rate = "-" if step.per_hour is None or step.unit == "task" else f"{step.per_hour:,.0f}"
        numbers = (str(step.done), str(step.running), waiting, str(step.failed), rate, _time(step.cpu_seconds))
        rows.append((step.process, step.unit, *numbers, _time(step.estimated_cpu_seconds)))
    widths = [max(len(row[place]) for row in rows) for place in range(len(_COLUMNS))]
    for row in rows:
        texts = [row[0].ljust(widths[0]), row[1].ljust(widths[1])]
        yield "  ".join([*texts, *(cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True))])


def _time(seconds: float | None) -> str:
    return "-" if seconds is None else duration(seconds)


def _off(progress: Progress) -> Iterator[str]:
    """Yield the CPU time that a run took beside its estimate, once all of it is known."""
    estimated = [step for step in progress.steps if step.estimated_cpu_seconds is not None]
    said = sum(step.estimated_cpu_seconds or 0.0 for step in estimated)
    if progress.state is State.FINISHED and said > 0:
        took = sum(step.cpu_seconds for step in estimated)
        yield f"CPU time: {duration(took)}, estimated {duration(said)}, ratio {took / said:.2f}"


def _bar(progress: Progress) -> str:
    unknown = _list(progress.not_in_time_left)
    if progress.fraction is None:
        done = sum(step.waiting == 0 and not step.running for step in progress.steps)
        text = f"{done} of {len(progress.steps)} steps are done"
        return text + (f"; not known yet: the time of {unknown}" if unknown else "")
    full = int(progress.fraction * BAR)
    text = f"{'█' * full}{'░' * (BAR - full)} {progress.fraction:.0%} of the work"
    if progress.seconds_left is None:
        return text
    at_least = "at least " if unknown else "about "
    text += f", {at_least}{duration(progress.seconds_left)} left with {_count(progress.parallel, 'task')} at a time"
    return text + (f" (the time of {unknown} is not known yet)" if unknown else "")


def _failure(failure: Failure) -> str:
    counts = [
        _count(number, name) for number, name in ((failure.tasks, "task"), (failure.items, failure.unit)) if number
    ]
    kind = "" if failure.kind == "retried" else f" {failure.kind}"
    words = f'; the first said: "{failure.words[:WORDS]}"' if failure.words else ""
    return f"{failure.process}: {' with '.join(counts)}{kind}: {failure.cause}{words}"


def _list(names: Sequence[str]) -> str:
    """Return the first names, and the number of the others."""
    others = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {_count(others, 'other')}" if others > 0 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
