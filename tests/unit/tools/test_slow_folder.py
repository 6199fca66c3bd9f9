"""The slow folder passes data through, counts a client's calls, and delays each of them."""

import hashlib
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.slow_folder import slow_folder, why_no_slow_folder

MILLISECONDS = 20.0
FOR_EVER = 1e6
"""Seconds for which attributes are kept, so that a busy machine does not change what is counted."""
WORKERS = 16


@pytest.fixture(scope="module", autouse=True)
def _can_be_mounted():
    if trouble := why_no_slow_folder():
        pytest.skip(f"a slow folder {trouble}")


@pytest.fixture(scope="module")
def mounted(_can_be_mounted):
    with slow_folder(0, kept=FOR_EVER) as slow:
        yield slow


@pytest.fixture
def calls(mounted):
    """A function that does something and returns the calls that it took, by kind."""

    def count(do, *arguments):
        before = mounted.counts()
        do(*arguments)
        return mounted.counts() - before

    return count


@pytest.fixture
def folder(mounted, request):
    path = mounted.folder / request.node.name
    path.mkdir()
    return path


def test_a_client_sends_one_call_for_each_change(folder, calls):
    file, below = folder / "a", folder / "below"
    assert calls(file.write_text, "text") == {"create": 1, "flush": 1}
    assert calls(file.write_text, "other") == {"open": 1, "flush": 1}
    assert calls(below.mkdir) == {"mkdir": 1}
    assert calls(os.link, file, below / "b") == {"link": 1}
    assert calls(os.rename, below / "b", below / "c") == {"rename": 1}
    assert calls(os.unlink, below / "c") == {"unlink": 1}
    assert calls(below.rmdir) == {"rmdir": 1}
    assert calls((folder / "s").symlink_to, "a") == {"symlink": 1}
    assert calls(os.utime, file, (1, 1)) == {"setattr": 1}
    assert calls(os.listdir, folder) == {"readdir": 1}


def test_a_client_keeps_what_it_knows_but_asks_when_it_opens(folder, calls):
    file = folder / "a"
    file.write_text("text")
    assert calls(file.stat) == {}
    assert calls(file.read_text) == {"open": 1}
    assert calls((folder / "missing").exists) == {"lookup": 1}
    assert calls((folder / "missing").exists) == {"lookup": 1}


def test_a_clients_knowledge_ends():
    with slow_folder(0, kept=0.01) as slow:
        (slow.folder / "a").write_text("text")
        time.sleep(0.1)
        before = slow.counts()
        (slow.folder / "a").stat()
        assert (slow.counts() - before)["lookup"] >= 1


def test_reads_and_writes_are_free(folder, calls):
    def copy():
        with open(folder / "a", "w+b", buffering=0) as file:
            for _ in range(50):
                file.write(b"x" * 1000)
            file.seek(0)
            while file.read(1000):
                pass

    assert calls(copy) == {"create": 1, "flush": 1}


def test_data_pass_through_unchanged(folder, mounted):
    data = os.urandom(5_000_001)
    (folder / "a").write_bytes(data)
    with open(folder / "a", "r+b") as file:
        file.seek(1_234_567)
        file.write(b"within")
    with open(folder / "a", "ab") as file:
        file.write(b"behind")
    expected = data[:1_234_567] + b"within" + data[1_234_573:] + b"behind"
    assert (folder / "a").read_bytes() == expected
    assert (mounted.source / folder.name / "a").read_bytes() == expected
    (folder / "a").open("w").close()
    assert (folder / "a").stat().st_size == 0


def test_files_behave_as_in_any_folder(folder):
    file = folder / "a"
    file.write_text("text")
    os.chmod(file, 0o640)
    assert file.stat().st_mode & 0o777 == 0o640
    (folder / "s").symlink_to("a")
    assert os.readlink(folder / "s") == "a"
    assert (folder / "s").read_text() == "text"
    os.link(file, folder / "b")
    assert file.samefile(folder / "b")
    with open(file) as opened:
        file.unlink()
        assert opened.read() == "text"
    assert (folder / "b").read_text() == "text"
    with pytest.raises(FileNotFoundError):
        file.read_text()
    with pytest.raises(FileExistsError):
        os.mkdir(folder / "b")
    with pytest.raises(OSError, match="not empty"):
        folder.rmdir()


def test_programs_run_in_it(folder):
    script = "mkdir d; cd d; for n in 1 2 3; do echo $n > $n; done; cat * > all; rm 1 2 3; mv all ..; cd ..; rmdir d"
    subprocess.run(["bash", "-euc", script], cwd=folder, check=True)
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"all": "1\n2\n3\n"}


def test_many_threads_work_in_it(folder):
    def work(number):
        own = folder / str(number)
        own.mkdir()
        for place in range(40):
            (own / str(place)).write_bytes(bytes([number]) * 10_000)
            (own / str(place)).rename(own / f"{place}-done")
        digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in own.iterdir()}
        for path in own.iterdir():
            path.unlink()
        own.rmdir()
        return digests

    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(pool.map(work, range(WORKERS)))
    assert found == [{hashlib.sha256(bytes([number]) * 10_000).hexdigest()} for number in range(WORKERS)]
    assert list(folder.iterdir()) == []


def test_each_call_is_delayed(tmp_path):
    with slow_folder(MILLISECONDS, tmp_path, FOR_EVER) as slow:
        before, begin = slow.counts(), time.monotonic()
        for number in range(5):
            (slow.folder / str(number)).write_text("text")
        seconds, sent = time.monotonic() - begin, (slow.counts() - before).total()
    assert sent == 10
    assert seconds >= sent * MILLISECONDS / 1000
    assert len(list(tmp_path.iterdir())) == 5, "what was written stays in the folder that was given"


def test_a_folder_that_cannot_be_shown_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"), slow_folder(0, tmp_path / "file"):
        pass


def test_a_folder_in_use_at_the_end_is_an_error(monkeypatch):
    monkeypatch.setattr("benchmarks.slow_folder.MOST_SECONDS", 0.5)
    with pytest.raises(RuntimeError, match="was still used at its end"), slow_folder(0) as slow:
        program = subprocess.Popen(["sleep", "60"], cwd=slow.folder)
    program.kill()
    program.wait()
