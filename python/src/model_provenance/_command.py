"""The ``model-provenance`` script: the bundled command, in this process's place where the system can do that."""

from __future__ import annotations

import os
import subprocess
import sys

from ._node import command


def main() -> int:
    """Run the command with the arguments of this process; return its exit code."""
    try:
        words = [*command(), *sys.argv[1:]]
    except FileNotFoundError as error:
        print(f"error: {error}", file=sys.stderr)
        return 4
    if os.name != "nt":
        os.execv(words[0], words)  # noqa: S606
    return run(words)


def run(words: list[str]) -> int:
    """Run a process to its end, through Ctrl-C too, which reaches it as well."""
    with subprocess.Popen(words) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
