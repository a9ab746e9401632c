"""What the other verbs answer, as dataclasses. Each holds a document of the command; the tests read real ones strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ._report import Event, ExcludedFile, Publisher, Record, Report

Status = Literal["active", "deprecated", "revoked"]


@dataclass(frozen=True, kw_only=True)
class HashedFile:
    """A file of a model: POSIX name, bytes, SHA-256 in 64 hex digits; ``pointer`` where only a Git LFS pointer is here."""

    name: str
    size: int
    sha256: str
    pointer: bool = False


@dataclass(frozen=True, kw_only=True)
class HashedModel:
    """The digests of a model: what ``hash`` answers."""

    model_digest: str
    """0x-hex; as a number the token id."""
    manifest_root: str
    weights_digest: str
    cid: str | None = None
    resources: tuple[HashedFile, ...]
    unsafe_serialization: tuple[str, ...]
    """Files that may run code when they are loaded."""
    excluded: tuple[ExcludedFile, ...]
    ignore_paths: tuple[str, ...]
    cached: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FetchedModel:
    """A model that was downloaded and is as recorded: what ``fetch`` answers."""

    path: str
    report: Report
    existing: bool
    """Whether it was there already."""
    fetched_bytes: int
    kept_bytes: int
    """Of an earlier run that was not finished."""


@dataclass(frozen=True, kw_only=True)
class Royalty:
    """Who gets which part of a sale price."""

    receiver: str
    basis_points: int


@dataclass(frozen=True, kw_only=True)
class Parent:
    """A model from which another was made, as that other says; ``endorsed`` where the parent's owner says so too."""

    token_id: str
    endorsed: bool


@dataclass(frozen=True, kw_only=True)
class Child:
    """A model that names another as its parent."""

    token_id: str
    relation: str
    block_number: int
    transaction_hash: str


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """What was said of a model, by whom and why."""

    status: Status
    account: str
    reason: str
    block_number: int
    transaction_hash: str


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """A change of hands. The zero address minted it."""

    from_: str
    to: str
    block_number: int
    transaction_hash: str


@dataclass(frozen=True, kw_only=True)
class Endorsement:
    """A child that the owner of a model endorsed."""

    chain_id: int
    registry: str
    child_id: str


@dataclass(frozen=True, kw_only=True)
class ShownModel:
    """One record in full: what ``show`` answers."""

    chain_id: int
    registry: str
    registry_code: Literal["same", "same-code", "other"]
    record: Record
    event: Event
    metadata_uri: str
    signed: bool | None = None
    """Whether the metadata is signed by the creator, where that was checked."""
    publisher: Publisher | None = None
    """Who is behind the creator's account, where somebody says so."""
    royalty: Royalty
    parents: tuple[Parent, ...]
    children: tuple[Child, ...]
    endorsements: tuple[Endorsement, ...]
    statuses: tuple[StatusChange, ...]
    transfers: tuple[Transfer, ...]
    gaps: tuple[str, ...]
    """What may be missing, for an indexer said where to look."""
    metadata: Mapping[str, Any] | None = None
    """The metadata JSON as it was signed; absent where it could not be read."""


@dataclass(frozen=True, kw_only=True)
class OwnerSince:
    """Who owned a token from a block on."""

    owner: str
    block_number: int


@dataclass(frozen=True, kw_only=True)
class LineageNode:
    """A model of a lineage. All but the first four is absent where its registry was not asked."""

    key: str
    """Names it in ``edges``."""
    registry: str
    """CAIP-10."""
    token_id: str
    known: bool
    name: str | None = None
    creator: str | None = None
    minted_at: int | None = None
    relation: str | None = None
    status: Status | None = None
    license: str | None = None
    framework: str | None = None
    version: str | None = None
    performance_metrics: str | None = None
    dataset_digest: str | None = None
    metadata_digest: str | None = None
    block_number: int | None = None
    transaction_hash: str | None = None
    owners: tuple[OwnerSince, ...] | None = None
    trade: Any = None
    """Offers, licences and shares in the market, where one is known."""


@dataclass(frozen=True, kw_only=True)
class LineageEdge:
    """A parent and a child, by their keys."""

    parent: str
    child: str
    relation: str
    endorsed: bool | None = None
    license_drift: Any = None
    """How the licence of the child goes beyond the parent's, where it does."""
    share_basis_points: int | None = None
    """The parent's share of what licences of the child bring, where it has one."""


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """All ancestors and descendants of a model: what ``lineage`` answers."""

    start: str
    nodes: tuple[LineageNode, ...]
    edges: tuple[LineageEdge, ...]
    bases: tuple[Any, ...]
    """Base models outside of all registries."""
    gaps: tuple[str, ...]
    """What could not be read."""
