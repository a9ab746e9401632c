from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from chain import ROOT, Chain


def test_loads_a_model_only_if_it_is_verified(chain: Chain, model: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "python/src"),
        "RPC_URL": chain.rpc_url,
        "MODEL_PROVENANCE_ADDRESS": chain.contract,
        "STORE_PATH": str(chain.store),
        "MODEL_CREATORS": chain.creator,
    }

    def run(**others: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-B", str(ROOT / "examples/python/load_verified.py"), str(model)]
        return subprocess.run(words, env={**environment, **others}, capture_output=True, text=True, check=False)

    loaded = run()
    assert (loaded.returncode, loaded.stdout.splitlines()[-1]) == (0, "loaded Tiny"), loaded.stderr
    stranger = run(MODEL_CREATORS=chain.contract)
    assert stranger.returncode == 5
    assert "loaded" not in stranger.stdout
    (model / "config.json").write_text("{}")
    changed = run()
    assert (changed.returncode, changed.stdout) == (1, "")
    assert "MISMATCH config.json" in changed.stderr
