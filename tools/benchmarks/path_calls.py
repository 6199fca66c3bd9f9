"""Count the system calls by which a program and its children name files in a folder.

On network storage each of these may ask the server. Calls on open files (fstat, read, write, close) and getcwd name no
file and are not counted. Needs ``strace``.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["PathCalls", "count_path_calls", "why_no_path_calls"]

TRACED = "%file,fork,vfork,clone,clone3,fchdir"
STARTS_PROCESS = ("fork", "vfork", "clone", "clone3")
NAMES_NO_FILE = ("getcwd",)
TWO_PATHS = ("rename", "renameat", "renameat2", "link", "linkat")
PATH_IS_SECOND = ("symlink", "symlinkat")
"""The first text is what the link says."""

KINDS = {
    "open": ("open", "openat", "openat2"),
    "create": ("creat",),
    "stat": ("stat", "lstat", "newfstatat", "fstatat64", "statx", "access", "faccessat", "faccessat2"),
    "mkdir": ("mkdir", "mkdirat"),
    "rmdir": ("rmdir",),
    "unlink": ("unlink", "unlinkat"),
    "rename": ("rename", "renameat", "renameat2"),
    "link": ("link", "linkat"),
    "symlink": ("symlink", "symlinkat"),
    "readlink": ("readlink", "readlinkat"),
    "setattr": ("chmod", "fchmodat", "chown", "lchown", "fchownat", "utime", "utimes", "utimensat", "truncate"),
    "execute": ("execve", "execveat"),
}
"""Kinds of calls, and their names in Linux; others are counted under their own name."""
KIND = {name: kind for kind, names in KINDS.items() for name in names}

_CALL = re.compile(r"(\w+)\((.*)")
_TEXT = re.compile(r'(?:(?:AT_FDCWD|\d+)<(?P<base>[^<>]*)>, )?"(?P<path>(?:[^"\\]|\\.)*)"')
_OPEN_FOLDER = re.compile(r"\d+<([^<>]*)>")
_RESULT = re.compile(r"\) += (-?\d+)(?:<([^<>]*)>)?[^=]*$")


class PathCalls(NamedTuple):
    """Calls in the folder by kind, the number of calls that name files elsewhere, and the number of processes."""

    in_folder: Counter[str]
    elsewhere: int
    processes: int


class _Call(NamedTuple):
    """A system call of a process, with what it returned and the paths that it names."""

    kind: str
    result: int
    paths: list[str]


def why_no_path_calls() -> str | None:
    """Return what counting lacks on this machine; None if it is possible."""
    if shutil.which("strace") is None:
        return "needs strace"
    works = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True).returncode == 0
    return None if works else "needs the right to trace programs (ptrace)"


def count_path_calls(
    command: Sequence[str | Path], folder: Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> PathCalls:
    """Run a program and count the calls by which it, and all that it starts, name files in a folder.

    A call counts if the path lies in the folder as it is written, or if the file that it opens does. The folder itself
    is part of it. Calls that fail count too.

    Parameters
    ----------
    command : sequence of str or Path
        Program and arguments.
    folder : Path
        Folder for which to count.
    cwd, env
        As for `subprocess.run`.

    Raises
    ------
    RuntimeError
        If the program does not end with code 0.
    """
    with tempfile.TemporaryDirectory(prefix="calls-") as name:
        strace = ["strace", "-ff", "--seccomp-bpf", "-qq", "-y", "-e", f"trace={TRACED}", "-e", "signal=none"]
        whole = [*strace, "-o", f"{name}/t", "--", *command]
        done = subprocess.run(whole, cwd=cwd, env=env, capture_output=True, text=True, errors="replace")
        if done.returncode:
            raise RuntimeError(f"{command[0]} ended with code {done.returncode}: {done.stderr.strip()[-500:]}")
        traces = {int(path.suffix[1:]): path.read_text() for path in Path(name).iterdir()}
    return _count(traces, (cwd or Path()).resolve(), folder)


def _count(traces: Mapping[int, str], cwd: Path, folder: Path) -> PathCalls:
    """Count in the traces of all processes, given the working folder of the first one."""
    roots = tuple({os.path.abspath(folder), os.path.realpath(folder)})
    in_folder: Counter[str] = Counter()
    elsewhere = 0
    for call in _calls(traces, str(cwd)):
        if any(path == root or path.startswith(f"{root}/") for path in call.paths for root in roots):
            in_folder[call.kind] += 1
        else:
            elsewhere += 1
    return PathCalls(in_folder, elsewhere, len(traces))


def _calls(traces: Mapping[int, str], cwd: str) -> Iterator[_Call]:
    """Yield the calls of all processes that name files. A process begins in the working folder of its parent."""
    started = {call.result for text in traces.values() for call in _of_process(text, "/") if call.kind == "process"}
    waiting = [(process, cwd) for process in traces if process not in started]
    while waiting:
        process, here = waiting.pop()
        for call in _of_process(traces.get(process, ""), here):
            if call.kind == "process":
                waiting.append((call.result, call.paths[0]))
            else:
                yield call


def _of_process(text: str, here: str) -> Iterator[_Call]:
    """Yield the calls in a process's trace; a call that starts another has the kind ``process`` and its folder."""
    for line in text.splitlines():
        match, result = _CALL.match(line), _RESULT.search(line)
        if match is None or match[1] in NAMES_NO_FILE:
            continue
        name, arguments = match.groups()
        returned = int(result[1]) if result else -1
        if name in STARTS_PROCESS:
            if returned > 0:
                yield _Call("process", returned, [here])
            continue
        if name == "fchdir":
            opened = _OPEN_FOLDER.match(arguments)
            here = _unescaped(opened[1]) if opened and returned == 0 else here
            continue
        paths = _paths(name, arguments, here)
        if name == "chdir" and returned == 0 and paths:
            here = paths[0]
        if paths:
            really_opened = [_unescaped(result[2])] if result and result[2] else []
            yield _Call(_kind(name, arguments), returned, paths + really_opened)


def _kind(name: str, arguments: str) -> str:
    if "O_CREAT" in arguments and name.startswith("open"):
        return "create"
    if name == "unlinkat" and "AT_REMOVEDIR" in arguments:
        return "rmdir"
    return KIND.get(name, name)


def _paths(name: str, arguments: str, here: str) -> list[str]:
    """Return the absolute paths that a call names; none for a call on an open file."""
    texts = list(_TEXT.finditer(arguments))
    first = 1 if name in PATH_IS_SECOND else 0
    named = texts[first : first + (2 if name in TWO_PATHS else 1)]
    return [
        os.path.normpath(os.path.join(_unescaped(text["base"]) if text["base"] else here, _unescaped(text["path"])))
        for text in named
        if text["path"]
    ]


def _unescaped(text: str) -> str:
    """Return a path as it is, where strace writes bytes as escape sequences."""
    return os.fsdecode(text.encode().decode("unicode_escape").encode("latin-1"))
