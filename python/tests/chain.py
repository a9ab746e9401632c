"""A real chain for as long as it is needed, and models to record on it. Used by the tests and by bench/python.py."""

from __future__ import annotations

import json
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_provenance._node import command

ROOT = Path(__file__).parents[2]
NODE = ROOT / "node_modules/node/bin/node"


@dataclass(frozen=True)
class Chain:
    """A registry that can be asked, and where its metadata is kept."""

    rpc_url: str
    contract: str
    creator: str
    store: Path

    @property
    def options(self) -> dict[str, Any]:
        return {"rpc_url": self.rpc_url, "contract": self.contract, "store_path": self.store}

    def publish(self, model: Path, *flags: str) -> None:
        where = ["--rpc-url", self.rpc_url, "--contract", self.contract, "--store-path", str(self.store)]
        words = [*command(), "publish", str(model), *where, "--yes", "--license", "Apache-2.0", *flags]
        subprocess.run(words, check=True, capture_output=True, cwd=self.store.parent)


@contextmanager
def serve_chain(folder: Path) -> Iterator[Chain]:
    """Serve a registry, whose metadata is kept below a folder."""
    script = Path(__file__).parent / "serve-chain.ts"
    words = [str(NODE), "--no-warnings", str(script)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        at = json.loads(process.stdout.readline())
        try:
            yield Chain(at["rpcUrl"], at["contract"], at["creator"], folder / "store")
        finally:
            process.stdin.close()


def write_model(folder: Path, weight: float) -> None:
    folder.mkdir()
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    content = struct.pack("<Q", len(header)) + header + struct.pack("<f", weight)
    (folder / "model.safetensors").write_bytes(content)
    (folder / "config.json").write_text('{"architectures": ["Tiny"]}')
