"""A real chain, models recorded on it by the bundled command, and what most tests need of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from chain import Chain, serve_chain, write_model

import model_provenance


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    with serve_chain(tmp_path_factory.mktemp("chain")) as served:
        yield served


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
