"""System calls that name a file in a folder, counted by kind."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.path_calls import _count, count_path_calls, why_no_path_calls

needs_strace = pytest.mark.skipif(why_no_path_calls() is not None, reason=f"{why_no_path_calls()}")

TRACES = {
    10: """\
execve("/usr/bin/perl", ["perl", "/task/not-a-path"], 0x7ffe /* 30 vars */) = 0
newfstatat(AT_FDCWD</task>, "list", {st_mode=S_IFREG|0644, st_size=4, ...}, 0) = 0
newfstatat(3</task/list>, "", {st_mode=S_IFREG|0644, st_size=4, ...}, AT_EMPTY_PATH) = 0
getcwd("/task", 4096) = 6
chdir("below") = 0
vfork() = 11
chdir("/missing") = -1 ENOENT (No such file or directory)
open("x", O_RDONLY) = -1 ENOENT (No such file or directory)
fchdir(3</elsewhere>) = 0
clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7fdc) = 12
""",
    11: """\
openat(AT_FDCWD</task/below>, "y", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</task/below/y>
rename("y", "/elsewhere/y") = 0
unlink("../list") = 0
symlink("/task/a", "/elsewhere/b") = 0
symlink("/elsewhere/b", "a") = 0
readlink("/elsewhere/b", "/task/a", 4096) = 7
utimensat(3</task/below/y>, NULL, NULL, 0) = 0
unlinkat(AT_FDCWD</task/below>, "d", AT_REMOVEDIR) = 0
openat(4</task/\\303\\244>, "\\303\\266", O_RDONLY <unfinished ...>
""",
    12: """\
open("x", O_RDONLY) = 3</elsewhere/x>
openat(AT_FDCWD</elsewhere>, "link", O_RDONLY) = 3</task/list>
mkdir("/task-of-another", 0777) = 0
statfs("/task", 0x7ffe) = 0
""",
}
"""Traces as strace writes them: program 10 works in /task and starts 11 in /task/below and 12 in /elsewhere."""


def test_calls_count_for_the_folder_that_the_process_is_in():
    found = _count(TRACES, Path("/task"), Path("/task"))
    assert found.in_folder == Counter(
        # of 10: list, below, x; of 11: y, y (to elsewhere), list, a, d, ö; of 12: link (its file), the folder itself
        {"stat": 1, "chdir": 1, "open": 3, "create": 1, "rename": 1, "unlink": 1, "symlink": 1, "rmdir": 1, "statfs": 1}
    )
    # of 10: perl, missing; of 11: the link b, twice; of 12: x, task-of-another
    assert found.elsewhere == 6
    assert found.processes == 3


def test_a_folder_below_is_counted_alone():
    assert _count(TRACES, Path("/task"), Path("/task/ä")).in_folder == {"open": 1}


@needs_strace
def test_a_program_and_its_children_are_counted(tmp_path):
    script = (
        "import os, subprocess\n"
        "os.mkdir('d')\n"
        "open('d/x', 'w').write('text' * 100)\n"
        "subprocess.run(['sh', '-c', 'read -r text < x; cd ..; echo > y'], cwd='d')\n"
        "os.rename('y', 'd/y')\n"
    )
    found = count_path_calls([sys.executable, "-I", "-c", script], tmp_path, cwd=tmp_path)
    once = ("mkdir", "create", "rename")
    assert {kind: found.in_folder[kind] for kind in once} == {"mkdir": 1, "create": 2, "rename": 1}
    assert found.in_folder["open"] == 1
    assert found.in_folder["chdir"] == 2
    assert found.processes == 2
    assert found.elsewhere > 10
    assert (tmp_path / "d" / "y").exists()


@needs_strace
def test_a_program_that_fails_is_an_error(tmp_path):
    with pytest.raises(RuntimeError, match="sh ended with code 3: no luck"):
        count_path_calls(["sh", "-c", "echo no luck >&2; exit 3"], tmp_path)
