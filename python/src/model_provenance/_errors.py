"""What is raised where a verdict is not good: one class for every exit code of the command."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._report import File, Report

_SHOWN = 20


class ProvenanceError(Exception):
    """Why a model was not verified, or a call not done.

    ``code`` is for programs (``MODEL_DIFFERS``, ``LOCK_INVALID``, ``CHAIN_UNREACHABLE``, …), ``exit_code`` is what the
    command would end with, and ``report`` what was found out, where a verdict was reached.
    """

    exit_code = 4

    def __init__(self, code: str, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.report = report

    @property
    def differences(self) -> tuple[File, ...]:
        """The files that are not as recorded, in name order."""
        return () if self.report is None else tuple(row for row in self.report.files if row.status != "ok")


class Mismatch(ProvenanceError):
    """The files are not those that were recorded: ``differences`` names them."""

    exit_code = 1


class UsageError(ProvenanceError):
    """What was asked cannot be done so: an argument, a file of settings, or what one of them names."""

    exit_code = 2


class NotRegistered(ProvenanceError):
    """No trusted registry has a record of these files."""

    exit_code = 3


class CouldNotCheck(ProvenanceError):
    """Nothing is known, neither good nor bad: a node, a gateway or this machine failed. Try again."""

    exit_code = 4


class NotAcceptable(ProvenanceError):
    """There is a record, and it does not do: revoked, by somebody else, or against a policy."""

    exit_code = 5


class Refused(ProvenanceError):
    """A transaction was refused."""

    exit_code = 6


_BY_EXIT_CODE: dict[int, type[ProvenanceError]] = {
    error.exit_code: error for error in (Mismatch, UsageError, NotRegistered, CouldNotCheck, NotAcceptable, Refused)
}
_CODES = {
    "mismatch": "MODEL_DIFFERS",
    "not-registered": "NOT_REGISTERED",
    "unchecked": "COULD_NOT_CHECK",
    "unacceptable": "NOT_ACCEPTABLE",
}


def error_of(exit_code: int, code: str, message: str) -> ProvenanceError:
    """Make the error of an exit code; whatever is not known counts as not checked."""
    return _BY_EXIT_CODE.get(exit_code, CouldNotCheck)(code, printable(message))


def error_of_report(report: Report) -> ProvenanceError:
    """Make the error of a verdict that is not good."""
    differing = [row for row in report.files if row.status != "ok"]
    lines = [report.reason, *(f"  {row.status.upper()} {row.name}" for row in differing[:_SHOWN])]
    if len(differing) > _SHOWN:
        lines.append(f"  and {len(differing) - _SHOWN} more")
    kind = _BY_EXIT_CODE.get(report.exit_code, CouldNotCheck)
    return kind(_CODES.get(report.verdict, "COULD_NOT_CHECK"), "\n".join(map(printable, lines)), report)


def printable(text: str) -> str:
    """Write what could steer a terminal as escapes: control, format and line-break characters."""
    unsafe = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "".join(f"\\u{{{ord(c):x}}}" if unicodedata.category(c) in unsafe else c for c in text)
