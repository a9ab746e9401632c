"""The version of the package, which is that of the command it carries."""

import json
from pathlib import Path

_ENGINE = Path(__file__).parent / "src/model_provenance/engine/package.json"
if not _ENGINE.is_file():
    raise SystemExit("The command is not bundled here yet: run npm run build:python in the repository first.")
__version__ = json.loads(_ENGINE.read_text(encoding="utf-8"))["version"]
