"""Models of the Hugging Face Hub: downloaded with its own client, and handed out only when they are verified."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from ._arguments import PathLike, to_arguments
from ._call import Call, read_report
from ._errors import UsageError
from ._readers import lock_file


def verified_snapshot(
    repo_id: str,
    revision: str | None = None,
    *,
    network: str | None = None,
    contract: str | None = None,
    rpc_url: str | None = None,
    chain_id: int | None = None,
    registries: PathLike | None = None,
    lock: PathLike | Mapping[str, Any] | None = None,
    token: PathLike | int | None = None,
    policy: PathLike | None = None,
    creators: str | Iterable[str] | None = None,
    only: Iterable[str] | None = None,
    store_path: PathLike | None = None,
    download: Mapping[str, Any] | None = None,
    timeout: float | None = None,
) -> Call[str]:
    """Download a snapshot with ``huggingface_hub``, verify it, and return its folder only when the verdict is good.

    Name a commit as ``revision``: a branch may be another model tomorrow. ``download`` holds further arguments of
    ``huggingface_hub.snapshot_download`` (``cache_dir``, ``allow_patterns``, …); where those leave files out, name with
    ``only`` the ones that matter. The other arguments are those of ``verify``, which also says what is raised. Where the
    verdict is not good the files stay in the cache, and nobody is told their path.
    """
    options: dict[str, Any] = {
        "network": network,
        "contract": contract,
        "rpc_url": rpc_url,
        "chain_id": chain_id,
        "registries": registries,
        "token": token,
        "policy": policy,
        "creators": creators,
        "only": only,
        "store_path": store_path,
        "hf_cache": True,
    }
    options["lock"], dispose = lock_file(lock)
    found: list[str] = []

    def prepare() -> list[str]:
        found.append(_download(repo_id, revision, download or {}))
        return to_arguments("verify", found, options)

    def read(document: dict[str, Any], exit_code: int) -> str:
        read_report(document, exit_code)
        return found[0]

    return Call(prepare, read, timeout, dispose)


def _download(repo_id: str, revision: str | None, options: Mapping[str, Any]) -> str:
    try:
        from huggingface_hub import snapshot_download  # noqa: PLC0415
    except ImportError as error:
        text = "verified_snapshot downloads with huggingface_hub, which is not installed: python -m pip install huggingface_hub"
        raise UsageError("OPTIONAL_PACKAGE_MISSING", text) from error
    folder: str = snapshot_download(repo_id, revision=revision, **options)
    return os.fspath(folder)
