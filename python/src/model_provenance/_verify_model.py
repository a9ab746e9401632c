"""``verify_model``: the check against a lock file alone, by the name that it always had."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from ._arguments import PathLike
from ._call import blocking
from ._report import Report
from ._verbs import verify as make_verify

LOCK_NAME = "model-provenance.lock.json"
"""The lock file where none is named, in the working folder."""

_verify = blocking(make_verify)


def verify_model(
    path: PathLike,
    lock: PathLike | Mapping[str, Any] = LOCK_NAME,
    *,
    creators: Iterable[str] | None = None,
    policy: PathLike | None = None,
    hf_cache: bool = False,
    lfs_pointers: bool = False,
) -> Report:
    """Hash the model at ``path`` and compare it with what the lock approves; return only when all of it fits.

    No network is asked. ``lock`` is a file, or its content, parsed. ``creators``: accounts by which the record must have been
    made. ``policy``: the policy file under which the lock must have been written; its rules are judged again. ``hf_cache``:
    follow the links of a Hugging Face cache snapshot. ``lfs_pointers``: take digest and size from Git LFS pointers; the
    content is then not seen, so never for a model that is about to be loaded.

    Raises ``ProvenanceError``, by ``code``, ``differences`` and its subclasses.
    """
    given = lock if isinstance(lock, Mapping) else os.fspath(lock)
    return _verify(path, lock=given, creators=creators, policy=policy, hf_cache=hf_cache, lfs_pointers=lfs_pointers)
