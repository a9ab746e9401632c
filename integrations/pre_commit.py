#!/usr/bin/env python3
"""The pre-commit hook: compares models with their lock files. Each argument is MODEL=LOCK, paths below the repository.

Git LFS pointers count as the content that they name: a clone without content can be committed to, and a pointer to other
content is refused. Exits with the worst code of all models; needs python3 (3.9 or later) and nothing else.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

import model_provenance  # noqa: E402


def main(arguments):
    pairs = [argument.partition("=") for argument in arguments]
    if not pairs or not all(model and lock for model, _, lock in pairs):
        print("Name each model with its lock file: args: [models/bert=models/bert.lock.json]", file=sys.stderr)
        return 2
    codes = []
    for model, _, lock in pairs:
        print(f"{model}:", flush=True)
        codes.append(model_provenance.main(["verify", "--lfs-pointers", "--lock", lock, "--", model]))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
