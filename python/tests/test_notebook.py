from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from chain import ROOT, Chain

from model_provenance import _command
from model_provenance._node import command

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")
pytest.importorskip("ipykernel")
pytest.importorskip("matplotlib")
NOTEBOOK = ROOT / "examples/python/story.ipynb"


@pytest.mark.filterwarnings("ignore")
def test_tells_the_story(chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "bin/model-provenance"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {" ".join(command())} "$@"\n')
    script.chmod(0o755)
    settings = {
        "PATH": f"{script.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(_command.__file__).parents[1]),
        "IRIS_DATA": str(ROOT / "examples/iris/data/iris.csv"),
        "RPC_URL": chain.rpc_url,
        "MODEL_PROVENANCE_ADDRESS": chain.contract,
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "JUPYTER_PLATFORM_DIRS": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "it is kept without what it printed"
    client = nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}})
    client.execute()

    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pictures = [output["data"]["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == 3
    if "KEEP_PICTURES" in os.environ:
        for i, picture in enumerate(pictures):
            Path(os.environ["KEEP_PICTURES"], f"story-{i}.png").write_bytes(base64.b64decode(picture))
    text = "".join(output.get("text", "") for output in outputs)
    assert "stderr" not in {output.get("name") for output in outputs}
    for expected in ("Mismatch: ", "RENAMED config.json", "NotAcceptable: ", "two species were swapped"):
        assert expected in text
