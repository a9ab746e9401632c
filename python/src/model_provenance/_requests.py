"""The functions of the package, as calls: checked, written as a command line, and with what reads their answer."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ._arguments import PathLike, to_arguments
from ._call import Call, read_report
from ._decode import decode
from ._documents import FetchedModel, HashedModel, Lineage, ShownModel
from ._report import Report


def verify(
    path: PathLike,
    *,
    network: str | None = None,
    contract: str | None = None,
    rpc_url: str | None = None,
    chain_id: int | None = None,
    registries: PathLike | None = None,
    lock: PathLike | Mapping[str, Any] | None = None,
    pack: PathLike | None = None,
    block_hash: str | None = None,
    token: PathLike | int | None = None,
    policy: PathLike | None = None,
    creators: str | Iterable[str] | None = None,
    write_lock: PathLike | None = None,
    dataset: PathLike | None = None,
    only: Iterable[str] | None = None,
    proof: PathLike | None = None,
    manifest_root: str | None = None,
    export_proof: PathLike | None = None,
    foreign: str | None = None,
    foreign_origin: str | None = None,
    fast: bool | None = None,
    cid: bool | None = None,
    ignore_paths: Iterable[str] | None = None,
    hf_cache: bool | None = None,
    lfs_pointers: bool | None = None,
    cache: PathLike | None = None,
    trust_cache: bool | None = None,
    gateway: str | Iterable[str] | None = None,
    offline: bool | None = None,
    keep_fetched: bool | None = None,
    store_path: PathLike | None = None,
    pinata_gateway: str | None = None,
    endpoint: str | None = None,
    rpc_timeout: int | None = None,
    timeout: float | None = None,
) -> Call[Report]:
    """Find out who recorded exactly the files at ``path``, and return only when that is known and acceptable.

    Each argument is the flag of ``model-provenance verify`` of that name (``model-provenance verify --help --all``), and what
    is not given is read from the environment and ``.env`` as there. ``lock`` compares with a lock file, or with one that was
    parsed already, and asks no network. ``creators`` are the accounts whose records are accepted. ``timeout``: seconds after
    which the work is ended.

    Raises ``Mismatch``, ``NotRegistered``, ``NotAcceptable``, ``CouldNotCheck`` or ``UsageError``; each has the ``report``,
    where a verdict was reached.
    """
    options = {key: value for key, value in locals().items() if key not in ("path", "timeout")}
    options["lock"], dispose = lock_file(lock)
    return Call(lambda: to_arguments("verify", [path], options), read_report, timeout, dispose)


def hash_(
    path: PathLike,
    *,
    ignore_paths: Iterable[str] | None = None,
    cid: bool | None = None,
    cache: PathLike | None = None,
    hf_cache: bool | None = None,
    lfs_pointers: bool | None = None,
    endpoint: str | None = None,
    timeout: float | None = None,
) -> Call[HashedModel]:
    """Compute the digests of a model, on disk or of the Hub (``hf:owner/name@revision``). Nothing is sent anywhere."""
    options = {key: value for key, value in locals().items() if key not in ("path", "timeout")}
    return Call(lambda: to_arguments("hash", [path], options), lambda document, _: decode(HashedModel, document), timeout)


def show(
    token: PathLike | int,
    *,
    network: str | None = None,
    contract: str | None = None,
    rpc_url: str | None = None,
    chain_id: int | None = None,
    registries: PathLike | None = None,
    hf_cache: bool | None = None,
    gateway: str | Iterable[str] | None = None,
    offline: bool | None = None,
    keep_fetched: bool | None = None,
    store_path: PathLike | None = None,
    pinata_gateway: str | None = None,
    rpc_timeout: int | None = None,
    timeout: float | None = None,
) -> Call[ShownModel]:
    """Read one record in full, by token or path: what the chain keeps, what happened since, and the metadata."""
    options = {key: value for key, value in locals().items() if key not in ("token", "timeout")}
    return Call(
        lambda: to_arguments("show", [_token(token)], options),
        lambda document, _: decode(ShownModel, document),
        timeout,
    )


def lineage(
    token: PathLike | int,
    *,
    network: str | None = None,
    contract: str | None = None,
    rpc_url: str | None = None,
    chain_id: int | None = None,
    registries: PathLike | None = None,
    index: PathLike | None = None,
    hf_cache: bool | None = None,
    gateway: str | Iterable[str] | None = None,
    offline: bool | None = None,
    keep_fetched: bool | None = None,
    store_path: PathLike | None = None,
    pinata_gateway: str | None = None,
    rpc_timeout: int | None = None,
    timeout: float | None = None,
) -> Call[Lineage]:
    """Find all ancestors and descendants of a model, by its token or by a path of it. ``index`` keeps what was read."""
    options = {key: value for key, value in locals().items() if key not in ("token", "timeout")}
    return Call(
        lambda: to_arguments("lineage", [_token(token)], options),
        lambda document, _: decode(Lineage, document),
        timeout,
    )


def fetch(
    token: PathLike | int,
    path: PathLike,
    *,
    network: str | None = None,
    contract: str | None = None,
    rpc_url: str | None = None,
    chain_id: int | None = None,
    only: Iterable[str] | None = None,
    gateway: str | Iterable[str] | None = None,
    offline: bool | None = None,
    store_path: PathLike | None = None,
    pinata_gateway: str | None = None,
    rpc_timeout: int | None = None,
    timeout: float | None = None,
) -> Call[FetchedModel]:
    """Download a published model to ``path`` from gateways nobody has to trust, and verify it.

    Returns only when all of it is as recorded; raises as ``verify`` does.
    """
    options = {key: value for key, value in locals().items() if key not in ("token", "path", "timeout")}
    return Call(lambda: to_arguments("fetch", [_token(token), path], options), _read_fetched, timeout)


def _read_fetched(document: dict[str, Any], exit_code: int) -> FetchedModel:
    return decode(FetchedModel, {**document, "report": read_report(document, exit_code)})


def _token(token: PathLike | int) -> PathLike:
    return hex(token) if isinstance(token, int) else token


def lock_file(lock: PathLike | Mapping[str, Any] | None) -> tuple[PathLike | None, Any]:
    """Write a parsed lock to a file that only this account can read. Returns its path, and what removes it."""
    if lock is None or isinstance(lock, (str, os.PathLike)):
        return lock, lambda: None
    folder = tempfile.mkdtemp(prefix="model-provenance-")
    path = Path(folder) / "model-provenance.lock.json"
    path.write_text(json.dumps(lock), encoding="utf-8")
    return path, lambda: shutil.rmtree(folder, ignore_errors=True)
