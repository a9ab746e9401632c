from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from chain import Chain, write_model

import model_provenance as mp
from model_provenance._call import read_report
from model_provenance._decode import decode
from model_provenance._documents import HashedModel, Lineage, ShownModel
from model_provenance._engine import engine

VERDICTS = {"verified": 0, "mismatch": 1, "not-registered": 3, "unchecked": 4, "unacceptable": 5}


def test_returns_what_is_recorded(chain: Chain, model: Path) -> None:
    report = mp.verify(model, **chain.options)
    assert report.verdict == "verified"
    assert report.record is not None
    assert report.record.creator == chain.creator
    assert report.record.license == "Apache-2.0"
    assert [(row.name, row.status) for row in report.files] == [("config.json", "ok"), ("model.safetensors", "ok")]
    assert report.model.model_digest == report.record.token_id == mp.hash(model).model_digest


def test_asks_an_agent_without_a_model(chain: Chain) -> None:
    # A registry of models knows agents as little as any contract that has no such token.
    agent = f"eip155:31337:{chain.contract}/1"
    with pytest.raises(mp.NotRegistered, match="has no agent 1") as caught:
        mp.verify(agent=agent, **chain.options)
    assert caught.value.report is not None
    assert caught.value.report.agent is not None
    assert caught.value.report.agent.id == agent


def test_names_the_files_that_differ(chain: Chain, model: Path) -> None:
    (model / "config.json").write_text("{}")
    with pytest.raises(mp.Mismatch, match=r"MISMATCH config\.json") as caught:
        mp.verify(model, **chain.options)
    error = caught.value
    assert (error.code, error.exit_code) == ("MODEL_DIFFERS", 1)
    assert error.report is not None
    assert error.report.verdict == "mismatch"
    assert [row.name for row in error.differences] == ["config.json"]


def test_raises_what_the_exit_code_says(chain: Chain, model: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write_model(other, 3.0)
    with pytest.raises(mp.NotRegistered) as unknown:
        mp.verify(other, **chain.options)
    assert unknown.value.report is not None
    with pytest.raises(mp.NotAcceptable) as foreign:
        mp.verify(model, creators=[chain.contract], **chain.options)
    assert foreign.value.report is not None
    assert foreign.value.report.record is not None
    with pytest.raises(mp.CouldNotCheck) as silent:
        mp.verify(model, rpc_url="http://127.0.0.1:1", contract=chain.contract)
    assert silent.value.code == "CHAIN_UNREACHABLE"
    with pytest.raises(mp.UsageError) as absent:
        mp.verify(tmp_path / "none", **chain.options)
    assert absent.value.exit_code == 2


def test_compares_with_a_lock(chain: Chain, model: Path, tmp_path: Path) -> None:
    lock = tmp_path / mp.LOCK_NAME
    mp.verify(model, write_lock=lock, creators=chain.creator, **chain.options)
    for given in (lock, json.loads(lock.read_text())):
        assert mp.verify_model(model, given, creators=[chain.creator.lower()]).method == "lock"
    assert mp.verify_model(model).verdict == "verified"
    (model / "extra.txt").write_text("?")
    with pytest.raises(mp.Mismatch, match=r"EXTRA extra\.txt"):
        mp.verify_model(model, hf_cache=True)
    lock.write_text("{}")
    with pytest.raises(mp.UsageError, match="lock") as broken:
        mp.verify_model(model)
    assert broken.value.code == "LOCK_INVALID"


@pytest.mark.parametrize("options", [{"creators": []}, {"creators": [""]}, {"ignore_paths": ["a\\\\"]}, {"contract": " "}])
def test_refuses_what_the_command_would_read_otherwise(model: Path, options: dict[str, object]) -> None:
    with pytest.raises(mp.UsageError, match=next(iter(options))):
        mp.verify(model, **options)  # type: ignore[arg-type]


def test_takes_commas_for_commas(model: Path) -> None:
    for name in ("a,b", "a", "b"):
        (model / name).write_text("x")
    assert {row.name for row in mp.hash(model, ignore_paths=["a,b"]).excluded} == {"a,b", "model-provenance.json"}


def test_takes_names_for_names(chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("--help", "-h", "--json", "__complete"):
        write_model(tmp_path / name, 1.0)
        assert len(mp.hash(name).resources) == 2
        with pytest.raises(mp.ProvenanceError):
            mp.verify(name, lock=name)
    with pytest.raises(mp.ProvenanceError):
        mp.verify("--help", contract="--help")


def test_takes_folder_and_environment_of_now(chain: Chain, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(model.parent)
    monkeypatch.setenv("RPC_URL", chain.rpc_url)
    monkeypatch.setenv("STORE_PATH", str(chain.store))
    assert mp.verify(model.name, contract=chain.contract).verdict == "verified"
    monkeypatch.setenv("MODEL_CREATORS", chain.contract)
    with pytest.raises(mp.NotAcceptable):
        mp.verify(model.name, contract=chain.contract)
    monkeypatch.chdir(model)
    with pytest.raises(mp.UsageError):
        mp.verify(model.name, contract=chain.contract)


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("said", [0, 1, 3, 4, 5, 130])
@pytest.mark.parametrize("ended", [0, 1, 4])
def test_believes_no_verdict_that_contradicts_itself(verdict: str, said: int, ended: int) -> None:
    document = {
        "schemaVersion": "1.0",
        "verdict": verdict,
        "exitCode": said,
        "reason": "A reason.",
        "method": "digests",
        "filesChecked": 1,
        "model": {"path": "."},
        **{key: [] for key in ("registries", "otherRecords", "files", "checks", "notChecked", "warnings", "excluded")},
        "sameWeights": [],
    }
    if (verdict, said, ended) == ("verified", 0, 0):
        assert read_report(document, ended).verdict == "verified"
        return
    expected = mp.ProvenanceError if said == ended == VERDICTS[verdict] else mp.CouldNotCheck
    with pytest.raises(expected):
        read_report(document, ended)


def test_has_a_field_for_everything_that_is_answered(chain: Chain, recorded: Path) -> None:
    token = mp.hash(recorded).model_digest
    where = [f"--{key.replace('_', '-')}={value}" for key, value in chain.options.items()]
    for form, words in (
        (mp.Report, ["verify", str(recorded), *where]),
        (HashedModel, ["hash", str(recorded)]),
        (ShownModel, ["show", token, *where]),
        (Lineage, ["lineage", token, *where]),
    ):
        document = json.loads(_run(*words))
        if form is not mp.Report:
            del document["schemaVersion"]
        metadata = document.pop("metadata", None)
        whole = {**document, **({} if metadata is None else {"metadata": {}})}
        given, expected = _encode(decode(form, whole)), _flat(whole)
        # Of the two that no schema describes, what is here must be there.
        if form in (mp.Report, HashedModel):
            assert given == expected
        else:
            _assert_within(given, expected)


def _assert_within(given: object, expected: object) -> None:
    if isinstance(given, dict) and isinstance(expected, dict):
        for key in given:
            _assert_within(given[key], expected[key])
    elif isinstance(given, list) and isinstance(expected, list):
        for one, other in zip(given, expected, strict=True):
            _assert_within(one, other)
    else:
        assert given == expected


def test_shows_and_follows_a_record(chain: Chain, recorded: Path) -> None:
    token = mp.hash(recorded).model_digest
    shown = mp.show(int(token, 16), **chain.options)
    assert shown.event.version == "1.0.0"
    assert shown.signed is True
    assert [child.relation for child in shown.children] == ["version"]
    assert shown.metadata is not None
    assert shown.metadata["provenance"]["license"] == "Apache-2.0"
    lineage = mp.lineage(recorded.parent / "tiny-v2", **chain.options)
    assert {node.version for node in lineage.nodes} == {"1.0.0", "2.0.0"}
    assert [edge.relation for edge in lineage.edges] == ["version"]
    with pytest.raises(mp.NotRegistered) as unknown:
        mp.show(1, **chain.options)
    assert unknown.value.code == "TOKEN_UNKNOWN"


def test_fetches_a_published_model(chain: Chain, tmp_path: Path) -> None:
    source = tmp_path / "source"
    write_model(source, 5.0)
    chain.publish(source, "--with-model")
    token = mp.hash(source).model_digest
    fetched = mp.fetch(token, tmp_path / "target", offline=True, **chain.options)
    assert fetched.report.verdict == "verified"
    assert (tmp_path / "target/config.json").read_bytes() == (source / "config.json").read_bytes()


@pytest.fixture(autouse=True)
def _no_call_is_left() -> Iterator[None]:
    yield
    assert engine._running is None or not engine._running.is_busy()


def _run(*words: str) -> str:
    return engine.submit([words[0], "--json", *words[1:]]).result().stdout


def _encode(value: object) -> object:
    """Write a dataclass as the document that it was read from."""
    if isinstance(value, tuple):
        return [_encode(entry) for entry in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    pairs = ((name, getattr(value, name)) for name in value.__dataclass_fields__)
    return {name.replace("_", ""): _encode(entry) for name, entry in pairs if entry not in (None, False)}


def _flat(value: object) -> object:
    """Write a document with its keys in lower case, without what is absent in a dataclass as well."""
    if isinstance(value, list):
        return [_flat(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    return {key.lower(): _flat(entry) for key, entry in value.items() if entry not in (None, False)}
