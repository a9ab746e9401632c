from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from chain import Chain
from conftest import is_alive, processes_below

import model_provenance as mp
from model_provenance import _engine, aio
from model_provenance._engine import Engine, engine

on_linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are listed on Linux alone")
HUGE = 1 << 42
"""Bytes of a file, all of them a hole: what hashes it is at it for many minutes."""


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    path = tmp_path / "huge.bin"
    with path.open("wb") as file:
        file.truncate(HUGE)
    return path


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Engine]]:
    """An engine whose process runs this text of Python, which has the first call as `call`."""
    started: list[Engine] = []

    def start(text: str) -> Engine:
        script = tmp_path / "engine.py"
        script.write_text(f"import json, os, sys\ncall = json.loads(sys.stdin.readline())\n{textwrap.dedent(text)}")
        monkeypatch.setattr(_engine, "command", lambda: [sys.executable, str(script)])
        started.append(Engine())
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_answers_many_calls_at_once(chain: Chain, recorded: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda _: mp.verify(recorded, **chain.options), range(12)))
    assert {report.verdict for report in reports} == {"verified"}

    async def gather() -> list[mp.Report]:
        return await asyncio.gather(*(aio.verify(recorded, **chain.options) for _ in range(6)))

    assert {report.verdict for report in asyncio.run(gather())} == {"verified"}


def test_hashes_what_takes_all_cores(tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    size = 64 * 1024 * 1024
    with path.open("wb") as file:
        file.truncate(size)
    (resource,) = mp.hash(path).resources
    assert (resource.size, resource.sha256) == (size, hashlib.sha256(bytes(size)).hexdigest())


def test_uses_one_engine_for_calls_one_after_the_other(recorded: Path) -> None:
    mp.hash(recorded)
    first = _pid()
    assert mp.hash(recorded) == mp.hash(recorded)
    assert _pid() == first


@on_linux
def test_ends_the_work_that_is_called_off(huge: Path, recorded: Path) -> None:
    mp.close()
    with pytest.raises(mp.CouldNotCheck, match="within") as late:
        mp.hash(huge, timeout=0.2)
    assert late.value.code == "TIMED_OUT"

    async def give_up() -> None:
        task = asyncio.create_task(aio.hash(huge))
        while not engine._running or not engine._running.is_busy():  # noqa: ASYNC110
            await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(give_up())
    with pytest.raises(mp.CouldNotCheck):
        asyncio.run(aio.hash(huge, timeout=0.2))
    until(lambda: not any(_reads(pid, huge) for pid in processes_below(os.getpid())))
    assert mp.hash(recorded).resources


@on_linux
def test_ends_the_work_upon_ctrl_c(huge: Path) -> None:
    mp.close()
    main = threading.main_thread().ident
    assert main is not None

    def interrupt() -> None:
        until(lambda: any(_reads(pid, huge) for pid in processes_below(os.getpid())))
        signal.pthread_kill(main, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        mp.hash(huge)
    thread.join()
    until(lambda: not any(_reads(pid, huge) for pid in processes_below(os.getpid())))


@on_linux
def test_leaves_nothing_running(huge: Path, recorded: Path) -> None:
    mp.close()
    mp.hash(recorded)
    below = processes_below(os.getpid())
    pid = _pid()
    assert pid in below
    mp.close()
    until(lambda: not any(is_alive(one) for one in [pid, *processes_below(pid)]))


@on_linux
@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), 9)", "sys.exit()", "raise RuntimeError"])
def test_ends_with_the_process_that_uses_it(end: str, huge: Path, recorded: Path) -> None:
    text = f"""
        import os, sys, threading
        sys.path[:0] = {[str(path) for path in sys.path]!r}
        import model_provenance as mp
        from model_provenance._engine import engine
        mp.hash({str(recorded)!r})
        threading.Thread(target=lambda: mp.hash({str(huge)!r}), daemon=True).start()
        while not engine._running.is_busy(): pass
        print(engine._running._process.pid, flush=True)
        sys.stdin.readline()
        {end}
    """
    words = [sys.executable, "-c", textwrap.dedent(text)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        until(lambda: any(_reads(one, huge) for one in processes_below(pid)))
        all_of_it = [pid, *processes_below(pid)]
        process.stdin.write("\n")
        process.stdin.close()
    until(lambda: not any(is_alive(one) for one in all_of_it))


@on_linux
def test_gives_a_forked_process_an_engine_of_its_own(recorded: Path) -> None:
    text = f"""
        import os, sys
        sys.path[:0] = {[str(path) for path in sys.path]!r}
        import model_provenance as mp
        from model_provenance._engine import engine
        mp.hash({str(recorded)!r})
        pid = engine._running._process.pid
        child = os.fork()
        if child == 0:
            assert engine._running is None
            mp.hash({str(recorded)!r})
            assert engine._running._process.pid != pid
            mp.close()
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        mp.hash({str(recorded)!r})
        assert engine._running._process.pid == pid
    """
    subprocess.run([sys.executable, "-W", "ignore", "-c", textwrap.dedent(text)], check=True)


def test_ends_where_it_has_nothing_to_do() -> None:
    own = Engine(idle_seconds=0)
    assert own.submit(["--version"]).result().exit_code == 0
    until(lambda: own._running is None)
    assert own.submit(["--version"]).result().exit_code == 0
    own.close()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sys.exit(0)",
        "os.kill(os.getpid(), 9)",
        "print('VERIFIED')",
        "print('{}')",
        'print(\'{"id": 0, "exitCode": 0\')',
        "print(json.dumps({'id': 0, 'exitCode': 0}))",
        "print(json.dumps({'ready': True, 'protocol': 99}))",
        "print(json.dumps({'id': 7, 'exitCode': 0, 'stdout': '', 'stderr': ''}))",
        "print(json.dumps({'id': 0, 'failed': 'out of memory'}))",
        "print('no such option', file=sys.stderr); sys.exit(9)",
    ],
)
def test_knows_nothing_where_the_engine_fails(fake: Callable[[str], Engine], text: str) -> None:
    with pytest.raises(mp.CouldNotCheck) as failed:
        fake(text).submit(["verify", "."]).result()
    assert failed.value.exit_code == 4
    assert failed.value.report is None


@pytest.mark.parametrize("stdout", ["", "VERIFIED", "[]", "{}", '{"verdict": "verified"}', '{"error": 1}', "null"])
def test_is_not_open_for_an_answer_that_is_none(
    fake: Callable[[str], Engine], monkeypatch: pytest.MonkeyPatch, stdout: str
) -> None:
    answer = {"id": 0, "exitCode": 0, "stdout": stdout, "stderr": ""}
    monkeypatch.setattr("model_provenance._call.engine", fake(f"print({json.dumps(json.dumps(answer))})"))
    with pytest.raises(mp.CouldNotCheck):
        mp.verify(".")


def test_is_not_open_where_the_command_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> list[str]:
        raise FileNotFoundError("There is no Node")

    monkeypatch.setattr(_engine, "command", missing)
    monkeypatch.setattr("model_provenance._call.engine", Engine())
    with pytest.raises(mp.CouldNotCheck, match="no Node"):
        mp.verify(".")


@on_linux
def test_is_not_open_where_the_engine_is_killed(huge: Path, recorded: Path) -> None:
    mp.close()
    mp.hash(recorded)
    for whole in (True, False):
        future = engine.submit(["hash", "--json", str(huge)])
        until(lambda: any(_reads(one, huge) for one in processes_below(_pid())))
        at_work = [one for one in processes_below(_pid()) if _reads(one, huge)]
        for pid in [_pid()] if whole else at_work:
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(mp.CouldNotCheck):
            future.result()
        assert mp.hash(recorded).resources


def until(holds: Callable[[], bool]) -> None:
    """Wait for what happens in another process; a minute is for ever."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
        os.sched_yield()


def _pid() -> int:
    assert engine._running is not None
    return engine._running._process.pid


def _reads(pid: int, path: Path) -> bool:
    """Tell whether a process has a file open."""
    try:
        return any(entry.readlink() == path for entry in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False
