"""What `verify` found out, as dataclasses. Made by npm run make:schema from schema/verify-report.schema.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Agent",
    "AgentModel",
    "Ancestry",
    "Batch",
    "ByteRange",
    "Check",
    "Claim",
    "Event",
    "ExcludedFile",
    "File",
    "FileContent",
    "LatestVersion",
    "Model",
    "NotChecked",
    "OtherRecord",
    "Policy",
    "Proof",
    "Publisher",
    "Recall",
    "Record",
    "Registry",
    "Report",
    "Resource",
    "SameWeights",
    "Statement",
    "Violation",
]


@dataclass(frozen=True, kw_only=True)
class Registry:
    """One of `registries` of `Report`."""

    chain_id: int
    address: str
    name: str | None = None
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class Model:
    """The `model` of `Report`."""

    path: str
    model_digest: str | None = None
    manifest_root: str | None = None
    weights_digest: str | None = None
    cid: str | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """The `record` of `Report`."""

    token_id: str
    owner: str | None = None
    """Absent where the model has no token yet."""
    creator: str
    minted_at: int
    """Unix time in seconds: of the mint, or of the batch."""
    relation: Literal["base", "version", "fine-tune", "adapter", "quantized", "merge", "distilled", "converted"]
    status: Literal["active", "deprecated", "revoked"]
    parents: tuple[str, ...]
    dataset_digest: str
    """Zero: not disclosed."""
    metadata_digest: str
    framework: str
    license: str
    performance_metrics: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """The `event` of `Report`."""

    manifest_root: str
    weights_digest: str
    version: str
    block_number: int
    transaction_hash: str


@dataclass(frozen=True, kw_only=True)
class Batch:
    """That holds the record, where it has no token yet."""

    root: str
    creator: str
    content_digest: str
    status: Literal["active", "deprecated", "revoked"]


@dataclass(frozen=True, kw_only=True)
class OtherRecord:
    """One of `other_records` of `Report`."""

    chain_id: int
    registry: str
    token_id: str
    creator: str
    recorded_at: int
    status: Literal["active", "deprecated", "revoked"]
    anchored: bool


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Who said it, when and why."""

    status: Literal["active", "deprecated", "revoked"]
    account: str
    time: int
    """Unix time in seconds."""
    reason: str


@dataclass(frozen=True, kw_only=True)
class Recall:
    """One of `recalls` of `Report`."""

    chain_id: int
    registry: str
    token_id: str
    creator: str
    """Of the record that was recalled."""
    of: Literal["token", "batch"]
    status: Literal["active", "deprecated", "revoked"]
    is_own: bool
    """Whether it is of the record in this report."""
    counts: bool | None = None
    """Whether a revocation decides; absent where that is not known."""
    statement: Statement | None = None
    """Who said it, when and why."""


@dataclass(frozen=True, kw_only=True)
class Ancestry:
    """The `ancestry` of `Report`."""

    worst: Literal["active", "deprecated", "revoked"]
    cause_id: str
    name: str | None = None
    statement: Statement | None = None
    """Who said it, when and why."""


@dataclass(frozen=True, kw_only=True)
class LatestVersion:
    """The newest version by the model's creator or owner."""

    token_id: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One of `claims` of `Publisher`."""

    source: Literal["address-book", "did:web", "ens"]
    id: str
    """The DID, the name of ENS, or the name in the address book."""
    name: str
    holds: Literal["yes", "no", "former", "unknown"]
    """Former: it was once; unknown: it could not be asked."""
    why: str | None = None
    checked_at: int | None = None
    """Unix time in seconds when the other side was asked."""


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who is behind an account."""

    account: str
    name: str | None = None
    """Only where it holds in both directions; as it was written: escape it."""
    source: Literal["address-book", "did:web", "ens"] | None = None
    """Who says so."""
    claims: tuple[Claim, ...]
    unread: tuple[str, ...] | None = None
    """Who could not be asked, and why."""


@dataclass(frozen=True, kw_only=True)
class AgentModel:
    """One of `models` of `Agent`."""

    registry: str
    """CAIP-10."""
    token_id: str
    name: str | None = None
    license: str | None = None
    creator: str | None = None


@dataclass(frozen=True, kw_only=True)
class Agent:
    """What an agent says it runs, where one was asked: a statement of its owner."""

    id: str
    """Eip155:<chain>:<identity registry>/<id>."""
    owner: str | None = None
    name: str | None = None
    file: Literal["data", "ipfs", "web"] | None = None
    """Where its registration file is."""
    models: tuple[AgentModel, ...]


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One of `violations` of `Policy`."""

    rule: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The `policy` of `Report`."""

    digest: str | None = None
    """SHA-256 of the policy file."""
    violations: tuple[Violation, ...]


@dataclass(frozen=True, kw_only=True)
class FileContent:
    """The `expected` of `File`."""

    name: str
    size: int
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class ByteRange:
    """One of `damaged` of `File`."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class File:
    """One of `files` of `Report`."""

    name: str
    status: Literal["ok", "mismatch", "missing", "extra", "renamed"]
    expected: FileContent | None = None
    actual: FileContent | None = None
    damaged: tuple[ByteRange, ...] | None = None
    truncated_at: int | None = None
    extra_bytes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Resource:
    """The `resource` of `Proof`."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One of `proofs` of `Report`."""

    schema_version: Literal["1.0"]
    registry: str
    """CAIP-10."""
    token_id: str
    manifest_root: str
    resource: Resource
    proof: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One of `checks` of `Report`."""

    name: str | None = None
    """Of the check."""
    what: str
    passed: bool
    warns: bool | None = None
    """It decides nothing, and is to be known."""


@dataclass(frozen=True, kw_only=True)
class NotChecked:
    """One of `not_checked` of `Report`."""

    name: str | None = None
    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ExcludedFile:
    """One of `excluded` of `Report`."""

    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SameWeights:
    """One of `same_weights` of `Report`."""

    chain_id: int
    registry: str
    token_id: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """What model-provenance verify found out."""

    schema_version: Literal["1.0"]
    verdict: Literal["verified", "mismatch", "not-registered", "unchecked", "unacceptable"]
    exit_code: int
    reason: str
    """One sentence."""
    method: Literal["digests", "cid", "proof", "lock", "foreign", "agent", "credential"]
    """What was compared."""
    files_checked: int
    files_recorded: int | None = None
    chain_id: int | None = None
    registry: str | None = None
    """That holds the record, or the only one asked."""
    registries: tuple[Registry, ...]
    """All that were asked."""
    model: Model
    cached: int | None = None
    """Files whose digests were taken from the hash cache."""
    pointers: tuple[str, ...] | None = None
    """Files of which only the Git LFS pointer was seen."""
    record: Record | None = None
    event: Event | None = None
    batch: Batch | None = None
    """That holds the record, where it has no token yet."""
    other_records: tuple[OtherRecord, ...]
    """Other records of the same model."""
    recalls: tuple[Recall, ...] | None = None
    """Records of the same model that are deprecated or revoked."""
    ancestry: Ancestry | None = None
    latest: LatestVersion | None = None
    """The newest version by the model's creator or owner."""
    signed: bool | None = None
    """Whether the metadata is signed by its creator, where that was checked."""
    publisher: Publisher | None = None
    """Who is behind an account."""
    agent: Agent | None = None
    """What an agent says it runs, where one was asked: a statement of its owner."""
    policy: Policy | None = None
    files: tuple[File, ...]
    proofs: tuple[Proof, ...] | None = None
    """Proof files of single files that are as recorded, where single files were asked for."""
    checks: tuple[Check, ...]
    not_checked: tuple[NotChecked, ...]
    warnings: tuple[str, ...]
    excluded: tuple[ExcludedFile, ...]
    same_weights: tuple[SameWeights, ...]
