"""Load a model only if its files are exactly what somebody you trust recorded.

python load_verified.py FOLDER|REPO@REVISION
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import model_provenance


def find(model: str) -> str:
    """Return the folder of a model on this machine or of the Hub, only when it is verified.

    Registry, node and the creators that are trusted are set in the environment, as for the command.
    """
    creators = os.environ["MODEL_CREATORS"]
    repo_id, at, revision = model.partition("@")
    if at:
        return model_provenance.verified_snapshot(repo_id, revision, creators=creators)
    report = model_provenance.verify(model, creators=creators)
    if report.record is not None:
        print(f"recorded by {report.record.creator}, licence {report.record.license or 'not stated'}")
    for row in report.not_checked:
        print(f"not checked: {row.what} ({row.why})")
    return model


def main() -> int:
    """Read the configuration of a model, which stands for loading it; return the command's exit code."""
    models = sys.argv[1:]
    if len(models) != 1 or not os.environ.get("MODEL_CREATORS"):
        print("MODEL_CREATORS=0x… python load_verified.py FOLDER|REPO@REVISION", file=sys.stderr)
        return 2
    try:
        folder = find(models[0])
    except model_provenance.ProvenanceError as error:
        print(f"not loaded: {error}", file=sys.stderr)
        return error.exit_code
    # From here on a loader may read the folder: AutoModel.from_pretrained(folder, local_files_only=True)
    config = json.loads(Path(folder, "config.json").read_text(encoding="utf-8"))
    print(f"loaded {', '.join(config.get('architectures', ['a model']))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
