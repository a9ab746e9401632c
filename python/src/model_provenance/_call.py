"""A call of the command: what is asked, and how its answer is read; made once, to be waited for in either way."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from typing import Any, Generic, ParamSpec, TypeVar

from ._decode import DocumentError, decode
from ._engine import Answer, engine
from ._errors import CouldNotCheck, error_of, error_of_report
from ._report import Report

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger("model_provenance")
# What the exit code must be for a verdict; anything else is not believed.
_EXIT_CODES = {"verified": 0, "mismatch": 1, "not-registered": 3, "unchecked": 4, "unacceptable": 5}


@dataclass(frozen=True)
class Call(Generic[T]):
    """What is asked of the engine.

    ``prepare`` does what must be done before, which may take time, and returns the command line; ``read`` takes the document
    of an answer and its exit code.
    """

    prepare: Callable[[], list[str]]
    read: Callable[[dict[str, Any], int], T]
    timeout: float | None = None
    dispose: Callable[[], None] = field(default=lambda: None)

    def take(self, answer: Answer) -> T:
        """Read an answer. Raises the error that its exit code stands for."""
        for line in answer.stderr.splitlines():
            _log.info("%s", line)
        document = _parse(answer)
        if "error" in document or not document:
            failure = document.get("error")
            fault = failure if isinstance(failure, dict) else {}
            exit_code = answer.exit_code if fault.get("exitCode", answer.exit_code) == answer.exit_code else 4
            message = fault.get("message") or answer.stderr.strip() or f"It ended with {answer.exit_code} and no answer."
            # An error never comes with success.
            raise error_of(exit_code or 4, str(fault.get("code", "UNFORESEEN")), str(message))
        try:
            return self.read(document, answer.exit_code)
        except DocumentError as error:
            raise CouldNotCheck("ENGINE_FAILED", f"The command answered what is not understood: {error}") from error


def read_report(document: dict[str, Any], exit_code: int) -> Report:
    """Return the report of a good verdict, and raise with that of any other."""
    report = decode(Report, document)
    if not report.exit_code == exit_code == _EXIT_CODES[report.verdict]:
        text = f"The verdict is {report.verdict}, and the exit code {exit_code}."
        raise CouldNotCheck("ENGINE_FAILED", text, report)
    if exit_code != 0:
        raise error_of_report(report)
    return report


def blocking(make: Callable[P, Call[T]]) -> Callable[P, T]:
    """Make a function that waits for its call. Ctrl-C and a time that is over end the work."""

    @functools.wraps(make)
    def wait(*args: P.args, **kwargs: P.kwargs) -> T:
        call = make(*args, **kwargs)
        try:
            future = engine.submit(call.prepare())
            try:
                answer = future.result(call.timeout)
            except FutureTimeoutError:
                future.cancel()
                raise overdue(call) from None
            except BaseException:
                future.cancel()
                raise
            return call.take(answer)
        finally:
            call.dispose()

    return wait


def overdue(call: Call[Any]) -> CouldNotCheck:
    """Make the error of a call whose time is over."""
    return CouldNotCheck("TIMED_OUT", f"There was no answer within {call.timeout} seconds: the work was ended.")


def _parse(answer: Answer) -> dict[str, Any]:
    try:
        document = json.loads(answer.stdout)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
