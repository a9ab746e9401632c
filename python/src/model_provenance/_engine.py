"""One process of the command that is kept for many calls: ``model-provenance serve-stdio``, JSON lines over its pipes."""

from __future__ import annotations

import atexit
import contextlib
import io
import itertools
import json
import os
import subprocess
import tempfile
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import IO, Any, cast

from ._errors import CouldNotCheck
from ._node import command

_PROTOCOL = 1
_IDLE_SECONDS = 300.0
_CLOSING_SECONDS = 5.0


@dataclass(frozen=True)
class Answer:
    """What a call came to: what the command printed, and its exit code."""

    exit_code: int
    stdout: str
    stderr: str


class Engine:
    """A process that does calls, many at once; started with the first, and ended when it had nothing to do for minutes.

    It ends with this process however that ends, for then nobody can write to it any more. Safe for use by many threads; a
    process that was forked off gets an engine of its own.
    """

    def __init__(self, idle_seconds: float = _IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.RLock()
        self._running: _Running | None = None
        self._timer: threading.Timer | None = None

    def submit(self, arguments: list[str]) -> Future[Answer]:
        """Begin a call, as typed in the working folder of now with the environment of now.

        The future is given up by ``cancel``, which ends the work. It raises ``CouldNotCheck`` where the engine fails.
        """
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._running is None or not self._running.is_alive():
                self._running = _Running()
            future = self._running.submit(arguments)
        future.add_done_callback(lambda _: self._watch_idleness())
        return future

    def close(self) -> None:
        """End the engine and all that it does; a later call starts another."""
        with self._lock:
            running, self._running = self._running, None
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        if running is not None:
            running.close()

    def _watch_idleness(self) -> None:
        with self._lock:
            if self._running is None or self._running.is_busy() or self._timer is not None:
                return
            self._timer = threading.Timer(self._idle_seconds, self._close_if_idle)
            self._timer.daemon = True
            self._timer.start()

    def _close_if_idle(self) -> None:
        with self._lock:
            self._timer = None
            if self._running is None or self._running.is_busy():
                return
        self.close()

    def _forget(self) -> None:
        """Let go of a process that belongs to the one this one was forked from."""
        self._lock = threading.RLock()
        self._timer = None
        running, self._running = self._running, None
        if running is not None:
            running.forget()


class _Running:
    """A process of the engine that runs."""

    def __init__(self) -> None:
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            # A group of its own: Ctrl-C is for this process, which says itself what it calls off.
            self._process = subprocess.Popen(
                [*command(), "serve-stdio"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                bufsize=0,
                start_new_session=os.name != "nt",
            )
        except OSError as error:
            self._log.close()
            raise CouldNotCheck("ENGINE_FAILED", f"The command could not be started: {error}") from error
        # Unbuffered, both: a process that is forked off can close its copies whatever another thread is at.
        self._stdin = cast("io.FileIO", self._process.stdin)
        self._stdout = cast("io.FileIO", self._process.stdout)
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._open: dict[int, Future[Answer]] = {}
        self._ids = itertools.count()
        self._failure: str | None = None
        self._reader = threading.Thread(target=self._read, name="model-provenance", daemon=True)
        self._reader.start()

    def is_alive(self) -> bool:
        return self._failure is None and self._process.poll() is None

    def is_busy(self) -> bool:
        return bool(self._open)

    def submit(self, arguments: list[str]) -> Future[Answer]:
        future: Future[Answer] = Future()
        with self._lock:
            number = next(self._ids)
            self._open[number] = future
        future.add_done_callback(lambda done: self._withdraw(number) if done.cancelled() else None)
        environment = {key: value for key, value in os.environ.items() if _is_text(key) and _is_text(value)}
        try:
            folder = os.getcwd()  # noqa: PTH109
        except OSError:
            folder = ""
        self._write({"id": number, "args": arguments, "folder": folder, "environment": environment})
        if self._failure is not None:
            self._end(self._failure)
        return future

    def close(self) -> None:
        """Close the pipe, upon which the process ends; end it where it does not."""
        self._end("it was closed")
        self._reap()
        if threading.current_thread() is not self._reader:
            self._reader.join(_CLOSING_SECONDS)

    def forget(self) -> None:
        """Close this process's ends of the pipes, without a look at locks or buffers: who started the other keeps it."""
        self._stdin.close()
        self._stdout.close()
        self._log.close()
        self._process.returncode = 0  # Not a child of this process: nothing is to be waited for.

    def _withdraw(self, number: int) -> None:
        with self._lock:
            was_open = self._open.pop(number, None) is not None
        if was_open:
            self._write({"cancel": number})

    def _write(self, line: dict[str, Any]) -> None:
        content = memoryview(json.dumps(line).encode() + b"\n")
        try:
            with self._writing:
                while content:
                    content = content[self._stdin.write(content) or 0 :]
        except (OSError, ValueError):
            self._failure = self._failure or "it does not take calls any more"

    def _read(self) -> None:
        why = "it ended"
        with io.BufferedReader(self._stdout) as lines:
            try:
                for line in lines:
                    self._take(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                why = f"it wrote what is no answer ({error!r})"
                self._process.kill()
        self._end(why)
        self._reap()
        self._log.close()

    def _take(self, line: dict[str, Any]) -> None:
        if "ready" in line:
            if line["protocol"] != _PROTOCOL:
                raise ValueError(f"protocol {line['protocol']}")
            return
        # Read before the call is taken off the list: what cannot be read leaves none without an answer.
        outcome = _outcome(line)
        with self._lock:
            future = self._open.pop(line["id"], None)
        if future is None or not future.set_running_or_notify_cancel():
            return
        if isinstance(outcome, Answer):
            future.set_result(outcome)
        else:
            future.set_exception(outcome)

    def _end(self, why: str) -> None:
        """Fail every call that has no answer: nothing is known of what it asked."""
        with self._lock:
            self._failure = self._failure or why
            left, self._open = list(self._open.values()), {}
        for future in left:
            if future.set_running_or_notify_cancel():
                future.set_exception(_failed(f"The engine stopped before its answer: {why}.{self._last_words()}"))

    def _reap(self) -> None:
        """Close the pipe to a process, and see it end."""
        with contextlib.suppress(OSError), self._writing:
            self._stdin.close()
        try:
            self._process.wait(_CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _last_words(self) -> str:
        try:
            size = self._log.seek(0, os.SEEK_END)
            self._log.seek(max(0, size - 2000))
            text = self._log.read().decode(errors="replace").strip()
        except (OSError, ValueError):
            return ""
        return f" It said: {text}" if text else ""


def _outcome(line: dict[str, Any]) -> Answer | CouldNotCheck:
    if "failed" in line:
        return _failed(str(line["failed"]))
    if line.get("cancelled"):
        return _failed("The call was called off.")
    return Answer(int(line["exitCode"]), str(line["stdout"]), str(line["stderr"]))


def _failed(why: str) -> CouldNotCheck:
    return CouldNotCheck("ENGINE_FAILED", why)


def _is_text(text: str) -> bool:
    """Tell whether a text can be written as UTF-8; names of the file system may hold more."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


engine = Engine()
"""The engine that all functions of the package share."""
atexit.register(engine.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=engine._forget)
