"""Ask who published exactly these model files, before you load them.

    import model_provenance

    report = model_provenance.verify("./my-model", network="sepolia", creators=["0xf39F…"])  # raises unless all is well

What answers is the ``model-provenance`` command that this package carries, kept running for further calls. The functions wait
for their answer; ``model_provenance.aio`` has the same as coroutines.
"""

from __future__ import annotations

from ._call import blocking
from ._documents import FetchedModel, HashedFile, HashedModel, Lineage, LineageEdge, LineageNode, ShownModel
from ._engine import engine
from ._errors import (
    CouldNotCheck,
    Mismatch,
    NotAcceptable,
    NotRegistered,
    ProvenanceError,
    Refused,
    UsageError,
)
from ._report import Check, File, NotChecked, Record, Report
from ._snapshot import verified_snapshot as _verified_snapshot
from ._verbs import fetch as _fetch
from ._verbs import hash_ as _hash
from ._verbs import lineage as _lineage
from ._verbs import show as _show
from ._verbs import verify as _verify
from ._verify_model import LOCK_NAME, verify_model

__all__ = [
    "LOCK_NAME",
    "Check",
    "CouldNotCheck",
    "FetchedModel",
    "File",
    "HashedFile",
    "HashedModel",
    "Lineage",
    "LineageEdge",
    "LineageNode",
    "Mismatch",
    "NotAcceptable",
    "NotChecked",
    "NotRegistered",
    "ProvenanceError",
    "Record",
    "Refused",
    "Report",
    "ShownModel",
    "UsageError",
    "close",
    "fetch",
    "hash",
    "lineage",
    "show",
    "verified_snapshot",
    "verify",
    "verify_model",
]

verify = blocking(_verify)
hash = blocking(_hash)
show = blocking(_show)
lineage = blocking(_lineage)
fetch = blocking(_fetch)
verified_snapshot = blocking(_verified_snapshot)
close = engine.close
"""End the engine now, and not after minutes without a call, or with this process. A later call starts another."""
