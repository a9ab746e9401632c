"""The pre-commit hook: compares models with their lock files. Each argument is MODEL=LOCK, paths below the repository.

Git LFS pointers count as the content that they name: a clone without content can be committed to, and a pointer to other
content is refused. Exits with the worst code of all models.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from ._node import command


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify each model with the command, which prints what it finds; return the worst exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    pairs = [argument.partition("=") for argument in given]
    if not pairs or not all(model and lock for model, _, lock in pairs):
        print("Name each model with its lock file: args: [models/bert=models/bert.lock.json]", file=sys.stderr)
        return 2
    try:
        words = command()
    except FileNotFoundError as error:
        print(f"error: {error}", file=sys.stderr)
        return 4
    codes = []
    for model, _, lock in pairs:
        print(f"{model}:", flush=True)
        # A path that begins with a dash is none of the flags.
        path = f"./{model}" if model.startswith("-") else model
        codes.append(subprocess.run([*words, "verify", "--lfs-pointers", f"--lock={lock}", "--", path], check=False).returncode)
    # A process that a signal ended has a code below zero: it found out nothing.
    return max(4 if code < 0 else code for code in codes)


if __name__ == "__main__":
    sys.exit(main())
