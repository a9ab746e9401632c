"""A real chain, models recorded on it by the bundled command, and what most tests need of them."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import model_provenance
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


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    script = Path(__file__).parent / "serve-chain.ts"
    words = [str(NODE), "--no-warnings", str(script)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        at = json.loads(process.stdout.readline())
        folder = tmp_path_factory.mktemp("chain")
        yield Chain(at["rpcUrl"], at["contract"], at["creator"], folder / "store")
        process.stdin.close()


@pytest.fixture(scope="session")
def recorded(chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that is recorded; its version 2 lies beside it."""
    folder = tmp_path_factory.mktemp("models")
    first, second = folder / "tiny", folder / "tiny-v2"
    write_model(first, 1.0)
    write_model(second, 2.0)
    chain.publish(first, "--model-version", "1.0.0", "--metrics", "accuracy=0.9")
    chain.publish(second, "--parent-model", str(first), "--relation", "version", "--model-version", "2.0.0")
    return first


@pytest.fixture
def model(recorded: Path, tmp_path: Path) -> Path:
    """A copy of a recorded model that a test may change."""
    return Path(shutil.copytree(recorded, tmp_path / "tiny"))


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing that is set on this machine counts, and no file of settings in its folders."""
    for name in ("CI", "RPC_URL", "MODEL_PROVENANCE_ADDRESS", "MODEL_NETWORK", "MODEL_POLICY", "MODEL_CREATORS", "LOCK_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session", autouse=True)
def _engine_ends() -> Iterator[None]:
    yield
    model_provenance.close()


def write_model(folder: Path, weight: float) -> None:
    folder.mkdir()
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    content = struct.pack("<Q", len(header)) + header + struct.pack("<f", weight)
    (folder / "model.safetensors").write_bytes(content)
    (folder / "config.json").write_text('{"architectures": ["Tiny"]}')


def processes_below(pid: int) -> list[int]:
    """List the processes that another started, directly or not; on Linux."""
    below: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            below += [int(child), *processes_below(int(child))]
    return below


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
