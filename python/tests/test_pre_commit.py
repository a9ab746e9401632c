from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from chain import ROOT

from model_provenance import _pre_commit

WEIGHTS = "model.safetensors"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_locked(folder: Path) -> dict[str, str]:
    """Write a model and the lock that approves it: the first vector of lock files."""
    vector = json.loads((ROOT / "test/vectors/valid/lock-file.json").read_text("utf-8"))["vectors"][0]
    for name, content in vector["contents"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    Path(f"{folder}.lock.json").write_text(json.dumps(vector["lock"]), encoding="utf-8")
    contents: dict[str, str] = vector["contents"]
    return contents


def pointer_to(content: str) -> str:
    digest = hashlib.sha256(content.encode()).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content.encode())}\n"


def test_is_what_the_hook_is_declared_to_be() -> None:
    declared = (ROOT / ".pre-commit-hooks.yaml").read_text()
    for line in ("entry: model-provenance-pre-commit", "language: system", "pass_filenames: false", "always_run: true"):
        assert f"\n  {line}\n" in declared
    assert not re.search(r"^  (files|types|types_or|exclude):", declared, re.MULTILINE)
    assert 'model-provenance-pre-commit = "model_provenance._pre_commit:main"' in (ROOT / "python/pyproject.toml").read_text()


def test_passes_models_that_are_as_their_locks_approve(repository: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_locked(repository / "one")
    write_locked(repository / "two models")
    assert _pre_commit.main(["one=one.lock.json", "two models=two models.lock.json"]) == 0
    assert capfd.readouterr().out.count("VERIFIED") == 2


def test_takes_a_pointer_for_the_content_that_it_names(repository: Path) -> None:
    contents = write_locked(repository / "model")
    (repository / "model" / WEIGHTS).write_text(pointer_to(contents[WEIGHTS]))
    assert _pre_commit.main(["model=model.lock.json"]) == 0
    (repository / "model" / WEIGHTS).write_text(pointer_to("other"))
    assert _pre_commit.main(["model=model.lock.json"]) == 1


def test_refuses_everything_else(repository: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_locked(repository / "bad")
    write_locked(repository / "good")
    (repository / "bad" / WEIGHTS).write_text("changed")
    assert _pre_commit.main(["good=good.lock.json", "bad=bad.lock.json"]) == 1
    assert WEIGHTS in capfd.readouterr().out
    for given in ([], ["good"], ["=good.lock.json"], ["good="], ["good=none"], ["none=good.lock.json"], ["--help=x"]):
        assert _pre_commit.main(given) == 2
        assert "VERIFIED" not in capfd.readouterr().out
