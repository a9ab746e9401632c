from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from chain import Chain

import model_provenance as mp
from model_provenance import aio

huggingface_hub = pytest.importorskip("huggingface_hub")
COMMIT = "c" * 40
REPO = "acme/tiny"


class Hub:
    """As much of the Hub as its client asks for to download a snapshot."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self.answer(with_body=False)

            def do_GET(self) -> None:
                self.answer(with_body=True)

            def answer(self, *, with_body: bool) -> None:
                name = self.path.split("?")[0].removeprefix(f"/{REPO}/resolve/{COMMIT}/")
                headers = {"X-Repo-Commit": COMMIT}
                if self.path.startswith(f"/api/models/{REPO}/"):
                    files = [(file, len(content), hashlib.sha1(content).hexdigest()) for file, content in hub.files.items()]
                    tree = [{"type": "file", "path": path, "size": size, "oid": oid} for path, size, oid in files]
                    siblings = [{"rfilename": file} for file in hub.files]
                    about = {"id": REPO, "sha": COMMIT, "siblings": siblings}
                    body = json.dumps(tree if "/tree/" in self.path else about).encode()
                    headers["Content-Type"] = "application/json"
                elif name in hub.files:
                    body = hub.files[name]
                    headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()}"'
                else:
                    self.send_error(404)
                    return
                self.send_response(200)
                for key, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(key, value)
                self.end_headers()
                if with_body:
                    self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def hub(recorded: Path) -> Iterator[Hub]:
    names = ("config.json", "model.safetensors")
    served = Hub({name: (recorded / name).read_bytes() for name in names})
    yield served
    served.server.shutdown()
    served.server.server_close()


def test_returns_the_folder_of_a_snapshot_that_is_as_recorded(hub: Hub, chain: Chain, tmp_path: Path) -> None:
    download = {"endpoint": hub.endpoint, "cache_dir": tmp_path / "cache"}
    folder = mp.verified_snapshot(REPO, COMMIT, download=download, creators=[chain.creator], **chain.options)
    assert (Path(folder) / "config.json").read_bytes() == hub.files["config.json"]
    assert Path(folder).name == COMMIT
    again = asyncio.run(aio.verified_snapshot(REPO, COMMIT, download=download, **chain.options))
    assert again == folder


def test_tells_no_path_of_any_other(hub: Hub, chain: Chain, tmp_path: Path) -> None:
    hub.files["model.safetensors"] += b"?"
    download = {"endpoint": hub.endpoint, "cache_dir": tmp_path / "cache"}
    token = mp.hash(_write(tmp_path / "known", hub.files)).model_digest
    with pytest.raises(mp.NotRegistered):
        mp.verified_snapshot(REPO, COMMIT, download=download, **chain.options)
    with pytest.raises(mp.ProvenanceError):
        mp.verified_snapshot(REPO, COMMIT, token=token, download=download, **chain.options)


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(mp.UsageError, match="pip install huggingface_hub") as missing:
        mp.verified_snapshot(REPO, COMMIT)
    assert missing.value.code == "OPTIONAL_PACKAGE_MISSING"


def _write(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
