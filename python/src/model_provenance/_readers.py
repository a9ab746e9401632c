"""What each verb answers, as it is read; and what Python gives in another form than the command takes."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ._arguments import PathLike, to_arguments
from ._call import Call, read_report
from ._decode import decode
from ._documents import FetchedModel, HashedModel, Lineage, ShownModel
from ._report import Report

Places = Iterable["PathLike | int"]
Options = Mapping[str, Any]


def verify(places: Places, options: Options, timeout: float | None) -> Call[Report]:
    """Return the report of a good verdict, and raise with that of any other."""
    lock, dispose = lock_file(options["lock"])
    given = {**options, "lock": lock}
    return Call(lambda: to_arguments("verify", places, given), read_report, timeout, dispose)


def hash_(places: Places, options: Options, timeout: float | None) -> Call[HashedModel]:
    """Return the digests."""
    return Call(lambda: to_arguments("hash", places, options), lambda document, _: decode(HashedModel, document), timeout)


def show(places: Places, options: Options, timeout: float | None) -> Call[ShownModel]:
    """Return the record."""
    return Call(lambda: to_arguments("show", places, options), lambda document, _: decode(ShownModel, document), timeout)


def lineage(places: Places, options: Options, timeout: float | None) -> Call[Lineage]:
    """Return all ancestors and descendants."""
    return Call(lambda: to_arguments("lineage", places, options), lambda document, _: decode(Lineage, document), timeout)


def fetch(places: Places, options: Options, timeout: float | None) -> Call[FetchedModel]:
    """Return what was downloaded, only when all of it is as recorded."""
    return Call(lambda: to_arguments("fetch", places, options), _read_fetched, timeout)


def _read_fetched(document: dict[str, Any], exit_code: int) -> FetchedModel:
    return decode(FetchedModel, {**document, "report": read_report(document, exit_code)})


def lock_file(lock: PathLike | Mapping[str, Any] | None) -> tuple[PathLike | None, Callable[[], None]]:
    """Write a parsed lock to a file that only this account can read. Returns its path, and what removes it."""
    if lock is None or isinstance(lock, (str, os.PathLike)):
        return lock, lambda: None
    folder = tempfile.mkdtemp(prefix="model-provenance-")
    path = Path(folder) / "model-provenance.lock.json"
    path.write_text(json.dumps(lock), encoding="utf-8")
    return path, lambda: shutil.rmtree(folder, ignore_errors=True)
