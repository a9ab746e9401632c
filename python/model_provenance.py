#!/usr/bin/env python3
"""Checks a model against a lock file before it is loaded: one file, the standard library alone, Python 3.9 or later.

    from model_provenance import verify_model

    folder = snapshot_download("acme/bert-tiny", revision="…")
    verify_model(folder, lock="model-provenance.lock.json", hf_cache=True)   # raises unless all is as approved
    model = AutoModel.from_pretrained(folder)

The lock is written by ``model-provenance verify PATH --write-lock FILE``, after the chain was asked. Nothing is asked of
a network here, so what was said of the model since (a recall, for example) is not known. Digests and formats are those
of docs/formats.md; the vectors under test/vectors hold for this file too.

As a command: ``python3 model_provenance.py verify PATH --lock FILE`` and ``python3 model_provenance.py hash PATH``.
Exit codes: 0 verified, 1 files differ, 2 usage or configuration, 4 could not check, 5 not acceptable, 130 interrupted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import mmap
import os
import posixpath
import re
import stat
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple

__all__ = [
    "HashedModel",
    "ProvenanceError",
    "Resource",
    "VerifiedModel",
    "hash_model",
    "manifest_root",
    "model_digest",
    "parse_lock",
    "read_lock",
    "verify_model",
    "weights_digest",
]
__version__ = "0.1.0"

LOCK_NAME = "model-provenance.lock.json"
ZERO_DIGEST = "0x" + "00" * 32
_READ_BYTES = 1024 * 1024


class ProvenanceError(Exception):
    """Why a model was not verified: ``code`` for programs, the message for people.

    Codes: ``MODEL_DIFFERS`` (``differences`` names the files), ``NOT_ACCEPTABLE``, ``LOCK_INVALID``, ``OPTION_INVALID``,
    ``MODEL_NOT_FOUND``, ``MODEL_EMPTY``, ``MODEL_UNREADABLE``, ``MODEL_CHANGED``, ``MODEL_UNSUPPORTED_ENTRY``,
    ``RESOURCE_NAME_INVALID``.
    """

    def __init__(self, code: str, message: str, differences: Sequence["Difference"] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.differences = tuple(differences)


class Resource(NamedTuple):
    """One regular file of a model: POSIX name relative to it, bytes, SHA-256 as 64 lower-case hex digits."""

    name: str
    size: int
    sha256: str


class Difference(NamedTuple):
    """A file that is not as approved. ``status``: mismatch, missing, extra or renamed (``actual`` has its name now)."""

    name: str
    status: str
    expected: Optional[Resource]
    actual: Optional[Resource]


@dataclass(frozen=True)
class HashedModel:
    """A model whose every file was read; ``resources`` in name order, ``excluded`` maps what was left out to the reason."""

    path: str
    kind: str
    resources: Tuple[Resource, ...]
    excluded: Dict[str, str] = field(default_factory=dict)
    pointers: Tuple[str, ...] = ()
    weights: Optional[Tuple[str, ...]] = None

    @property
    def model_digest(self) -> str:
        return model_digest(self.resources)

    @property
    def manifest_root(self) -> str:
        return manifest_root(self.resources)

    @property
    def weights_digest(self) -> str:
        return weights_digest(self.resources, self.weights)


@dataclass(frozen=True)
class VerifiedModel:
    """A model that is as approved: ``record`` is the record in the lock, ``warnings`` are sentences for people."""

    path: str
    kind: str
    resources: Tuple[Resource, ...]
    registry: str
    record: Dict[str, Any]
    warnings: Tuple[str, ...]


def verify_model(
    path: "os.PathLike[str] | str",
    lock: "os.PathLike[str] | str | Dict[str, Any]" = LOCK_NAME,
    *,
    creators: Optional[Iterable[str]] = None,
    policy: "os.PathLike[str] | str | None" = None,
    hf_cache: bool = False,
    lfs_pointers: bool = False,
    workers: Optional[int] = None,
) -> VerifiedModel:
    """Hashes the model at ``path`` and compares it with what the lock approves; returns only when all of it fits.

    ``creators``: accounts by which the record must have been made. ``policy``: the policy file under which the lock must
    have been written, byte for byte; its rules are not judged again (``verify --lock --policy`` does that).
    ``hf_cache``: follow the links of a Hugging Face cache snapshot to the blobs of its own repository. ``lfs_pointers``:
    take digest and size from Git LFS pointers; the content is then not seen, so never for a model that is about to be
    loaded. ``workers``: threads that hash, at most one for each processor unless given.

    Raises ``ProvenanceError``.
    """
    approved = check_lock(lock) if isinstance(lock, dict) else read_lock(lock)
    ignored = approved["ignorePaths"]
    model = hash_model(path, ignored, hf_cache=hf_cache, lfs_pointers=lfs_pointers, workers=workers)
    expected = tuple(Resource(**entry) for entry in approved["files"])
    warnings = _warnings_of(model)
    differences = [] if _is_renamed_file(model, expected) else compare_resources(expected, model.resources)
    if differences or approved["record"]["tokenId"] not in _digests_of(model.resources):
        raise ProvenanceError("MODEL_DIFFERS", _describe(differences, len(expected), model), differences)
    if expected[0].name != model.resources[0].name:
        warnings.append(f"The file was recorded as {expected[0].name}.")
    _check_acceptable(approved, creators, policy)
    return VerifiedModel(model.path, model.kind, model.resources, approved["registry"], approved["record"], tuple(warnings))


def hash_model(
    path: "os.PathLike[str] | str",
    ignore_paths: Iterable[str] = (),
    *,
    hf_cache: bool = False,
    lfs_pointers: bool = False,
    workers: Optional[int] = None,
) -> HashedModel:
    """Lists a model, reads each of its files once, and lists it again: whatever changed meanwhile is an error."""
    walk = _Walk(os.fspath(path), _normalize(ignore_paths), hf_cache)
    files = walk.list()
    names = [file.name for file in files]
    _assert_distinct(names)
    weights = _weights_of(files)
    if "download cache" in walk.excluded.values():
        _assert_not_named(walk.root, files)
    stored = {file.name: _read_pointer(file) for file in files if lfs_pointers and 0 < file.size <= _POINTER_MAX}
    known = {name: pointer for name, pointer in stored.items() if pointer is not None}

    def digest(file: _File) -> Resource:
        sha256, size = known.get(file.name) or (_digest_file(file), file.size)
        return Resource(file.name, size, sha256)

    with ThreadPoolExecutor(workers or min(8, os.cpu_count() or 1)) as pool:
        resources = tuple(pool.map(digest, files))
    if _Walk(os.fspath(path), walk.ignored, hf_cache).list() != files:
        raise _changed(walk.root)
    return HashedModel(walk.root, walk.kind, resources, walk.excluded, tuple(known), weights)


# ── Digests


def model_digest(resources: Iterable[Resource]) -> str:
    """The OMS root digest: SHA-256 over the raw file digests in the order of the names by code point; the token id."""
    return _digest_in_order(resources, lambda name: name.encode("utf-8"))


def component_order_digest(resources: Iterable[Resource]) -> str:
    """The same in the order of OMS's Python client, path component by path component."""
    return _digest_in_order(resources, lambda name: [part.encode("utf-8") for part in name.split("/")])


def weights_digest(resources: Iterable[Resource], files: Optional[Iterable[str]] = None) -> str:
    """The model digest over the weight files alone; 32 zero bytes when there is none, which match nothing.

    ``files`` names them; those that names alone say are weights, where it is left out.
    """
    named = None if files is None else set(files)
    weights = [entry for entry in resources if (is_weight_file(entry.name) if named is None else entry.name in named)]
    return model_digest(weights) if weights else ZERO_DIGEST


def manifest_root(resources: Iterable[Resource]) -> str:
    """The root of OpenZeppelin's StandardMerkleTree over (name, size, sha256). Some milliseconds a file: Keccak in Python."""
    entries = _checked(resources)
    leaves = sorted(leaf_hash(entry) for entry in entries)
    nodes: List[bytes] = [b""] * (len(leaves) - 1) + leaves[::-1]
    for index in range(len(leaves) - 2, -1, -1):
        nodes[index] = _hash_pair(nodes[2 * index + 1], nodes[2 * index + 2])
    return "0x" + nodes[0].hex()


def leaf_hash(resource: Resource) -> bytes:
    """keccak256(keccak256(abi.encode(name, size, sha256))), the hash of one file's leaf."""
    name = resource.name.encode("utf-8")
    words = [(96).to_bytes(32, "big"), resource.size.to_bytes(32, "big"), bytes.fromhex(resource.sha256)]
    words += [len(name).to_bytes(32, "big"), name + bytes(-len(name) % 32)]
    return keccak256(keccak256(b"".join(words)))


def root_of_proof(resource: Resource, proof: Sequence[str]) -> str:
    """The manifest root to which a proof leads: the sibling hashes from the leaf to the root, each 0x-hex of 32 bytes."""
    node = leaf_hash(resource)
    for sibling in proof:
        node = _hash_pair(node, bytes.fromhex(sibling[2:]))
    return "0x" + node.hex()


def is_weight_file(name: str) -> bool:
    """Tells by its name whether a resource holds weights; never training state."""
    *folders, base = name.split("/")
    if _is_training_state(name):
        return False
    rules = _rules()["weights"]
    unpacked = re.sub(r"(\.(gz|z|bz2|xz|lzma|zst|lz4|\d+))+$", "", base.lower())
    return (
        any(folder in rules["folders"] for folder in folders)
        or base.lower().endswith(tuple(rules["endings"]))
        or base.lower() in rules["names"]
        or unpacked.endswith(tuple(rules["packedEndings"]))
        or re.search(rules["shard"], base, re.I) is not None
    )


def _is_training_state(name: str) -> bool:
    rules = _rules()["trainingState"]
    *folders, base = name.split("/")
    return re.search(rules["names"], base) is not None or any(re.search(rules["folders"], part) for part in folders)


@lru_cache(maxsize=None)
def _rules() -> Dict[str, Any]:
    """The rules about names of files, which the command line has too: a file of data that lies beside this one."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "model_provenance.json")
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        text = f"{path} cannot be read: it goes with model_provenance.py, copy both ({error})."
        raise ProvenanceError("OPTION_INVALID", text) from error


def _weights_of(files: Sequence["_File"]) -> Tuple[str, ...]:
    """The files that hold weights: by their names, and those that a header or an index names as holding tensors."""
    names = {file.name for file in files}
    named = set()
    for file in files:
        folder = posixpath.dirname(file.name)
        for other in _named_by(file, names):
            path = posixpath.normpath(posixpath.join(folder, other))
            if _left_out(path):
                raise ProvenanceError("MODEL_UNSUPPORTED_ENTRY", f"{_printable(file.name)} says that weights lie in {path}.")
            named.add(path)
    return tuple(
        file.name
        for file in files
        if is_weight_file(file.name) or (file.name in named and not _is_training_state(file.name))
    )


def _assert_not_named(root: str, files: Sequence["_File"]) -> None:
    """Refuses a configuration that names a file which is left out: a loader would read what nobody approved."""
    for file in files:
        if not file.name.endswith(".json"):
            continue
        for text in re.findall(rb'"((?:[^"\\]|\\.)*)"', _read_small(file.path, 1024 * 1024)):
            other = text.decode("utf-8", "replace").replace("\\/", "/")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file.name), other))
            if "huggingface/" in other and not other.startswith("/") and _left_out(path):
                if os.path.lexists(os.path.join(root, path)):
                    raise ProvenanceError("MODEL_UNSUPPORTED_ENTRY", f"{_printable(file.name)} names {_printable(path)}.")


_TF_SHARD = re.compile(r"\.data-\d{5}-of-\d{5}$")
_INDEX = re.compile(r"(\.index|(^|/)model|(^|/)(tensor|ndarray)-cache)\.json$")


def _named_by(file: "_File", names: Iterable[str]) -> Iterable[str]:
    base = posixpath.basename(file.name)
    if _TF_SHARD.search(base):
        folder, stem = posixpath.dirname(file.name), _TF_SHARD.sub("", base)
        return [name for name in (stem + ".index", stem + ".meta") if posixpath.join(folder, name) in names]
    try:
        if base.lower().endswith(".onnx"):
            with open(file.path, "rb") as source, mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as content:
                return _onnx_locations(content)
        if _INDEX.search(file.name):
            return _index_names(json.loads(_read_small(file.path, 64 * 1024 * 1024)))
    except (OSError, ValueError, IndexError, RecursionError):
        pass  # what is malformed names nothing
    return ()


def _index_names(index: Any) -> List[str]:
    if not isinstance(index, dict):
        return []
    found: List[Any] = []
    if isinstance(index.get("weight_map"), dict):
        found += index["weight_map"].values()
    for group in index.get("weightsManifest") or () if isinstance(index.get("weightsManifest"), list) else ():
        if isinstance(group, dict) and isinstance(group.get("paths"), list):
            found += group["paths"]
    for record in index.get("records") or () if isinstance(index.get("records"), list) else ():
        found.append(record.get("dataPath") if isinstance(record, dict) else None)
    return [name for name in found if isinstance(name, str)]


# Where tensors stand in an ONNX model, also inside of nodes and subgraphs.
_ONNX: Dict[str, Dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "function": {7: "node"},
    "training": {1: "graph", 2: "graph"},
    "tensor": {13: "entry"},
}


def _onnx_locations(content: Any) -> List[str]:
    found: List[str] = []

    def walk(message: str, begin: int, end: int, depth: int) -> None:
        if depth > 64:
            raise ValueError("nested too deep")
        for number, start, stop in _fields(content, begin, end):
            inner = _ONNX[message].get(number)
            if inner == "entry":
                texts = {field: content[a:b].decode("utf-8") for field, a, b in _fields(content, start, stop)}
                if texts.get(1) == "location":
                    found.append(texts.get(2, ""))
            elif inner is not None:
                walk(inner, start, stop, depth + 1)

    walk("model", 0, len(content), 0)
    return found


def _fields(content: Any, at: int, end: int) -> Iterator[Tuple[int, int, int]]:
    """The fields of a protobuf message that have content of their own: number, first byte, end."""

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = content[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift > 63:
                raise ValueError("a number of more than 64 bits")

    while at < end:
        tag = varint()
        kind = tag & 7
        if kind == 0:
            varint()
            continue
        if kind not in (1, 2, 5):
            raise ValueError("no protobuf")
        length = varint() if kind == 2 else 8 if kind == 1 else 4
        if at + length > end:
            raise ValueError("a field that ends outside of its message")
        at += length
        if kind == 2:
            yield tag >> 3, at - length, at


def _digest_in_order(resources: Iterable[Resource], key: Callable[[str], Any]) -> str:
    digest = hashlib.sha256()
    for resource in sorted(_checked(resources), key=lambda entry: key(entry.name)):
        digest.update(bytes.fromhex(resource.sha256))
    return "0x" + digest.hexdigest()


def _digests_of(resources: Sequence[Resource]) -> Tuple[str, str]:
    return model_digest(resources), component_order_digest(resources)


def _checked(resources: Iterable[Resource]) -> List[Resource]:
    entries = list(resources)
    if not entries:
        raise ProvenanceError("MODEL_EMPTY", "A model needs at least one file, got none.")
    for entry in entries:
        assert_resource_name(entry.name)
    _assert_distinct(entry.name for entry in entries)
    return entries


def _hash_pair(a: bytes, b: bytes) -> bytes:
    return keccak256(a + b if a < b else b + a)


def keccak256(data: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it; hashlib's sha3_256 pads otherwise."""
    padded = bytearray(data) + bytes(136 - len(data) % 136)
    padded[len(data)] ^= 0x01
    padded[-1] ^= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), 136):
        for i in range(17):
            lanes[i] ^= int.from_bytes(padded[start + 8 * i : start + 8 * i + 8], "little")
        lanes = _keccak_f(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


_MASK = (1 << 64) - 1
_ROTATIONS = (0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14)


def _round_constants() -> Iterator[int]:
    """The constants of the 24 rounds, from the shift register that defines them (FIPS 202, section 3.2.5)."""
    register = 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            if register & 1:
                constant |= 1 << (2**j - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        yield constant


_ROUNDS = tuple(_round_constants())


def _keccak_f(a: List[int]) -> List[int]:
    for constant in _ROUNDS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[x - 1] ^ ((c[(x + 1) % 5] << 1 | c[(x + 1) % 5] >> 63) & _MASK) for x in range(5)]
        b = [0] * 25
        for i in range(25):
            x, y = i % 5, i // 5
            lane, shift = a[i] ^ d[x], _ROTATIONS[i]
            b[y + 5 * ((2 * x + 3 * y) % 5)] = (lane << shift | lane >> (64 - shift)) & _MASK
        a = [b[i] ^ (~b[i - i % 5 + (i + 1) % 5] & b[i - i % 5 + (i + 2) % 5]) for i in range(25)]
        a[0] ^= constant
    return a


# ── The files of a model


class _File(NamedTuple):
    """A file as it was listed; ``identity`` is compared again after it was read, and that of the link to it too."""

    name: str
    path: str
    identity: Tuple[int, ...]
    link: Optional[Tuple[int, ...]] = None

    @property
    def size(self) -> int:
        return self.identity[2]


def _identity(stats: os.stat_result) -> Tuple[int, ...]:
    return (stats.st_dev, stats.st_ino, stats.st_size, stats.st_mtime_ns, stats.st_ctime_ns)


CLAIM_NAME = "model-provenance.json"
_CLAIM_MAX = 64 * 1024
OMS_BUNDLE_NAME = "model.sig"
_OMS_BUNDLE_MAX = 16 * 1024 * 1024
_REPOSITORY = re.compile(r"(models|datasets|spaces)--.")


class _Walk:
    """Lists the regular files below a folder, or the one file given, and says what was left out and why."""

    def __init__(self, path: str, ignored: Sequence[str], hf_cache: bool) -> None:
        self.ignored = ignored
        self.excluded: Dict[str, str] = {}
        self.kind = "folder"
        self._hf_cache = hf_cache
        self._blobs: Optional[str] = None
        self._single = self._find_linked_file(path) if hf_cache else None
        self.root = self._single.path if self._single else _resolve(path)

    def list(self) -> List[_File]:
        single = self._single or self._find_file()
        if single is not None:
            assert_resource_name(single.name)
            self.kind = "file"
            return [single]
        self._blobs = _blobs_folder(self.root) if self._hf_cache else None
        files = sorted(self._below(""), key=lambda file: file.name.encode("utf-8"))
        if not files:
            raise ProvenanceError("MODEL_EMPTY", f"{self.root} holds no file of a model. Point at the model's folder.")
        return files

    def _find_file(self) -> Optional[_File]:
        stats = _lstat(self.root)
        if stat.S_ISREG(stats.st_mode):
            return _File(os.path.basename(self.root), self.root, _identity(stats))
        if stat.S_ISDIR(stats.st_mode):
            return None
        raise ProvenanceError("MODEL_UNSUPPORTED_ENTRY", f"{self.root} is neither a regular file nor a folder.")

    def _below(self, folder: str) -> Iterator[_File]:
        pending = [folder]
        while pending:
            above = pending.pop()
            for name, path, mode in _entries(self.root, above):
                reason = self._reason_to_leave_out(name, path, mode)
                if reason is not None:
                    self.excluded[name] = reason
                    continue
                assert_resource_name(name)
                if stat.S_ISDIR(mode):
                    pending.append(name)
                elif stat.S_ISREG(mode):
                    yield _File(name, path, _identity(_lstat(path)))
                elif stat.S_ISLNK(mode) and self._hf_cache:
                    yield _follow_link(name, path, self._blobs)
                else:
                    raise _unsupported(name, mode)

    def _reason_to_leave_out(self, name: str, path: str, mode: int) -> Optional[str]:
        if name in self.ignored:
            return "ignored by choice"
        if name in _rules()["leftOut"]["top"]:
            return "git"
        if stat.S_ISDIR(mode) and _is_download_folder(name):
            return "download cache"
        if name not in (CLAIM_NAME, OMS_BUNDLE_NAME):
            return None
        if stat.S_ISLNK(mode) and self._hf_cache:
            path = _follow_link(name, path, self._blobs).path
        if name == CLAIM_NAME:
            return "claim" if is_claim(_read_small(path, _CLAIM_MAX)) else None
        return "OMS bundle" if is_oms_bundle(_read_small(path, _OMS_BUNDLE_MAX)) else None

    def _find_linked_file(self, path: str) -> Optional[_File]:
        """A path that is itself a link of a snapshot: a single file, named as the link is."""
        absolute = os.path.abspath(path)
        folder = os.path.realpath(os.path.dirname(absolute))
        blobs = _blobs_folder(folder)
        link = os.path.join(folder, os.path.basename(absolute))
        if blobs is None or not os.path.islink(link):
            return None
        return _follow_link(os.path.basename(link), link, blobs)


def _is_download_folder(name: str) -> bool:
    """A folder in which download clients keep their notes, at any depth."""
    return any(name == folder or name.endswith("/" + folder) for folder in _rules()["leftOut"]["downloads"])


def _left_out(name: str) -> bool:
    """Tells whether a file is never part of a model: it, or a folder above it, is always left out."""
    parts = name.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts))]
    return parts[0] in _rules()["leftOut"]["top"] or any(_is_download_folder(folder) for folder in above)


def _entries(root: str, folder: str) -> Iterator[Tuple[str, str, int]]:
    """The entries of a folder: name relative to the root, path, file mode. Names must be UTF-8."""
    path = os.path.join(root, folder) if folder else root
    try:
        with os.scandir(os.fsencode(path)) as found:
            entries = [(entry.name, entry.stat(follow_symlinks=False).st_mode) for entry in found]
    except OSError as error:
        raise _unreadable(path, error) from error
    for raw, mode in entries:
        try:
            base = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            text = f"A file name in {folder or 'the folder'} is not valid UTF-8: {raw!r}. Rename it."
            raise ProvenanceError("RESOURCE_NAME_INVALID", text) from error
        name = f"{folder}/{base}" if folder else base
        yield name, os.path.join(path, os.fsdecode(raw)), mode


def _resolve(path: str) -> str:
    if not os.path.lexists(path):
        raise ProvenanceError("MODEL_NOT_FOUND", f"There is no file or folder at {path}.")
    root = os.path.realpath(path)
    if not os.path.lexists(root):
        raise ProvenanceError("MODEL_NOT_FOUND", f"{path} is a link that leads nowhere.")
    return root


def _blobs_folder(path: str) -> Optional[str]:
    """``blobs`` of the repository that a snapshot of the Hugging Face cache belongs to."""
    parts = path.split(os.sep)
    for i in range(len(parts) - 2, 0, -1):
        if parts[i] == "snapshots" and _REPOSITORY.match(parts[i - 1]):
            return os.sep.join([*parts[:i], "blobs"])
    return None


def _follow_link(name: str, path: str, blobs: Optional[str]) -> _File:
    """Follows a link of a snapshot straight to a regular file in the blobs of its own repository; refuses any other."""

    def refused(why: str) -> ProvenanceError:
        return ProvenanceError("MODEL_UNSUPPORTED_ENTRY", f"{_printable(name)} is a symbolic link {why}.")

    if blobs is None:
        raise refused("and does not lie in a snapshot of a Hugging Face cache")
    try:
        text, link = os.readlink(path), os.lstat(path)
    except OSError as error:
        raise _changed(path) from error
    target = os.path.normpath(os.path.join(os.path.dirname(path), text))
    if os.path.dirname(target) != blobs:
        raise refused("that does not lead to its own repository's blobs")
    if text not in (target, os.path.relpath(target, os.path.dirname(path))):
        raise refused("that takes a way round to its blob")
    if not stat.S_ISDIR(_lstat(blobs).st_mode):
        raise refused("and its repository's blobs folder is no folder")
    if not os.path.lexists(target):
        raise refused("that leads nowhere; download the model again")
    stats = _lstat(target)
    if stat.S_ISLNK(stats.st_mode):
        shared = _shared_blob(target, os.path.dirname(os.path.dirname(blobs)))
        if shared is None:
            raise refused("that leads to another link")
        target, stats = shared, _lstat(shared)
    if not stat.S_ISREG(stats.st_mode):
        raise refused("that leads to something that is no regular file")
    return _File(name, target, _identity(stats), _identity(link))


def _shared_blob(blob: str, cache: str) -> Optional[str]:
    """The one further link that a blob may be: into the marked store that all repositories of a cache share."""
    rules = _rules()["leftOut"]["sharedBlobs"]
    store = os.path.join(cache, rules["folder"])
    text = os.readlink(blob)
    target = os.path.normpath(os.path.join(os.path.dirname(blob), text))
    if text not in (target, os.path.relpath(target, os.path.dirname(blob))):
        return None
    if re.search(rules["name"], os.path.relpath(target, store).replace(os.sep, "/")) is None:
        return None
    if not os.path.lexists(target) or not all(stat.S_ISDIR(os.lstat(path).st_mode) for path in (store, os.path.dirname(target))):
        return None
    marker = os.path.join(store, rules["marker"])
    try:
        marked = stat.S_ISREG(os.lstat(marker).st_mode) and _read_small(marker, 64).decode("ascii", "replace")
    except OSError:
        return None
    return target if marked and marked.rstrip() == rules["content"] else None


def _open(path: str) -> int:
    # Not through a link, and without waiting for the other end of a FIFO that took the file's place.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, flags | getattr(os, "O_CLOEXEC", 0))


def _digest_file(file: _File) -> str:
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(_open(file.path), "rb", buffering=0) as stream:
            if _identity(os.fstat(stream.fileno())) != file.identity:
                raise _changed(file.path)
            view = memoryview(bytearray(_READ_BYTES))
            while True:
                count = stream.readinto(view)
                if not count:
                    break
                digest.update(view[:count])
                size += count
            if _identity(os.fstat(stream.fileno())) != file.identity or size != file.size:
                raise _changed(file.path)
    except OSError as error:
        raise _unreadable(file.path, error) from error
    return digest.hexdigest()


def _read_small(path: str, limit: int) -> bytes:
    """The bytes of a regular file of at most ``limit``; nothing of any other."""
    try:
        with os.fdopen(_open(path), "rb") as stream:
            stats = os.fstat(stream.fileno())
            return stream.read() if stat.S_ISREG(stats.st_mode) and stats.st_size <= limit else b""
    except OSError:
        return b""


def _lstat(path: str) -> os.stat_result:
    try:
        return os.lstat(path)
    except OSError as error:
        raise _changed(path) from error


def _changed(path: str) -> ProvenanceError:
    return ProvenanceError("MODEL_CHANGED", f"{_printable(path)} changed while it was read. Run again when nothing writes there.")


def _unreadable(path: str, error: OSError) -> ProvenanceError:
    return ProvenanceError("MODEL_UNREADABLE", f"{_printable(path)} cannot be read ({error.strerror}).")


def _unsupported(name: str, mode: int) -> ProvenanceError:
    what = "a symbolic link; hf_cache follows those of a Hugging Face cache" if stat.S_ISLNK(mode) else "no regular file"
    return ProvenanceError("MODEL_UNSUPPORTED_ENTRY", f"{_printable(name)} is {what}.")


# ── Names


def assert_resource_name(name: str) -> None:
    """Refuses names that are not relative POSIX paths of well-formed Unicode: RESOURCE_NAME_INVALID."""
    parts = name.split("/")
    surrogate = any("\ud800" <= character <= "\udfff" for character in name)
    if surrogate or "\0" in name or "\\" in name or any(part in ("", ".", "..") for part in parts):
        text = f"The file name {json.dumps(name)} cannot be recorded safely."
        raise ProvenanceError("RESOURCE_NAME_INVALID", text)


def _assert_distinct(names: Iterable[str]) -> None:
    seen: Dict[str, str] = {}
    for name in names:
        normalized = unicodedata.normalize("NFC", name)
        if normalized in seen:
            text = f"The file names {json.dumps(seen[normalized])} and {json.dumps(name)} are one after normalisation."
            raise ProvenanceError("RESOURCE_NAME_INVALID", text)
        seen[normalized] = name


def _normalize(paths: Iterable[str]) -> List[str]:
    normalized = {re.sub(r"/+\Z", "", path[2:] if path.startswith("./") else path) for path in paths}
    for path in normalized:
        assert_resource_name(path)
    return sorted(normalized)


# ── Files that lie with a model and are none of it


def is_claim(content: bytes) -> bool:
    """Tells whether bytes are a claim, the small file that ``mint`` leaves with a model."""
    claim = _parse_json(content.decode("utf-8", "replace"))
    if len(content) > _CLAIM_MAX or not isinstance(claim, dict):
        return False
    texts = {"registry": _CAIP10, "tokenId": _DIGEST, "metadataURI": re.compile(r"ipfs://[a-z2-7]+")}
    copies = claim.get("metadataCopies", [])
    ignored = claim.get("ignorePaths")
    return (
        set(claim) - {"metadataCopies"} == {"schemaVersion", "ignorePaths", *texts}
        and claim["schemaVersion"] == "1.0"
        and all(isinstance(claim[key], str) and form.fullmatch(claim[key]) for key, form in texts.items())
        and isinstance(ignored, list)
        and all(isinstance(path, str) for path in ignored)
        and isinstance(copies, list)
        and len(copies) <= 16
        and all(isinstance(uri, str) and re.fullmatch(r"ar://[A-Za-z0-9_-]{43}", uri) for uri in copies)
    )


def is_oms_bundle(content: bytes) -> bool:
    """Tells whether bytes are a Sigstore bundle with a DSSE envelope, the form of an OMS signature."""
    bundle = _parse_json(content.decode("utf-8", "replace"))
    if not isinstance(bundle, dict):
        return False
    media_type = bundle.get("mediaType")
    is_bundle = isinstance(media_type, str) and media_type.startswith("application/vnd.dev.sigstore.bundle")
    return is_bundle and isinstance(bundle.get("dsseEnvelope"), (dict, list))


_POINTER_MAX = 1024
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize ([1-9][0-9]{0,15})\n"
)


def parse_lfs_pointer(content: bytes) -> Optional[Tuple[str, int]]:
    """(SHA-256, bytes) of what a Git LFS pointer stands for; None for anything but exactly version, oid and size."""
    match = _POINTER.fullmatch(content) if len(content) <= _POINTER_MAX else None
    if match is None or int(match[2]) > _MAX_INTEGER:
        return None
    return match[1].decode("ascii"), int(match[2])


def _read_pointer(file: _File) -> Optional[Tuple[str, int]]:
    return parse_lfs_pointer(_read_small(file.path, _POINTER_MAX))


# ── The lock file

_MAX_INTEGER = 2**53 - 1
_LOCK_MAX_BYTES = 128 * 1024 * 1024
_DIGEST = re.compile(r"0x[0-9a-f]{64}")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_CAIP10 = re.compile(r"eip155:[1-9][0-9]{0,31}:0x[0-9a-fA-F]{40}")
_RELATIONS = ("base", "version", "fine-tune", "adapter", "quantized", "merge", "distilled", "converted")


def read_lock(path: "os.PathLike[str] | str") -> Dict[str, Any]:
    """Reads a lock file. Raises ``ProvenanceError`` LOCK_INVALID."""
    name = os.fspath(path)
    try:
        stats = os.lstat(name)
        if not stat.S_ISREG(stats.st_mode):
            raise _invalid(f"{name} is not a regular file.")
        if stats.st_size > _LOCK_MAX_BYTES:
            raise _invalid(f"{name} is larger than {_LOCK_MAX_BYTES} bytes.")
        with open(name, "rb") as stream:
            return parse_lock(stream.read(_LOCK_MAX_BYTES + 1))
    except OSError as error:
        raise _invalid(f"{name} cannot be read ({error.strerror}).") from error


def parse_lock(content: bytes) -> Dict[str, Any]:
    """Parses the bytes of a lock file. Its files must be those of its token. Raises LOCK_INVALID."""
    try:
        document = _parse_json(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _invalid("It is not valid UTF-8.") from error
    return check_lock(document)


def check_lock(lock: Any) -> Dict[str, Any]:
    """Checks a parsed lock, and returns it with whole numbers as such. Raises LOCK_INVALID."""
    checked: Dict[str, Any] = _LOCK(lock, "The whole")
    files = [Resource(**entry) for entry in checked["files"]]
    try:
        digests = _digests_of(files)
    except ProvenanceError as error:
        raise _invalid(str(error)) from error
    if checked["kind"] == "file" and len(files) != 1:
        raise _invalid(f"It says that the model is one file, and names {len(files)}.")
    if checked["record"]["tokenId"] not in digests:
        raise _invalid("The digest over its files is not the token id: it was edited or damaged.")
    return checked


_Form = Callable[[Any, str], Any]


def _text(most: int, form: Optional["re.Pattern[str]"] = None, least: int = 0) -> _Form:
    def check(value: Any, where: str) -> str:
        # The schema counts UTF-16 code units.
        if not isinstance(value, str) or not least <= len(value.encode("utf-16-le", "surrogatepass")) // 2 <= most:
            raise _invalid(f"{where} must be a text of {least} to {most} characters.")
        if form is not None and not form.fullmatch(value):
            raise _invalid(f"{where} has another form than {form.pattern}.")
        return value

    return check


def _count(value: Any, where: str) -> int:
    whole = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1
    if not whole or not 0 <= value <= _MAX_INTEGER:
        raise _invalid(f"{where} must be a whole number.")
    return int(value)


def _one_of(*values: str) -> _Form:
    def check(value: Any, where: str) -> str:
        if not isinstance(value, str) or value not in values:
            raise _invalid(f"{where} must be one of {', '.join(values)}.")
        return value

    return check


def _list(form: _Form, least: int = 0, most: int = sys.maxsize) -> _Form:
    def check(value: Any, where: str) -> List[Any]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise _invalid(f"{where} must be a list of {least} entries or more, and not too many.")
        return [form(entry, f"{where}.{i}") for i, entry in enumerate(value)]

    return check


def _object(forms: Dict[str, _Form], optional: Sequence[str] = ()) -> _Form:
    def check(value: Any, where: str) -> Dict[str, Any]:
        if not isinstance(value, dict):
            raise _invalid(f"{where} must be an object.")
        wrong = (set(forms) - set(optional) - set(value)) | (set(value) - set(forms))
        if wrong:
            raise _invalid(f"{where} lacks, or must not have, {json.dumps(min(wrong))}.")
        return {key: form(value[key], key) for key, form in forms.items() if key in value}

    return check


_digest = _text(66, _DIGEST)
_LOCK = _object(
    {
        "schemaVersion": _one_of("1.0"),
        "registry": _text(200, _CAIP10),
        "record": _object(
            {
                "tokenId": _digest,
                "creator": _text(42, _ADDRESS),
                "mintedAt": _count,
                "relation": _one_of(*_RELATIONS),
                "status": _one_of("active", "deprecated"),
                "parents": _list(_digest, most=16),
                "datasetDigest": _digest,
                "metadataDigest": _digest,
                "framework": _text(64),
                "license": _text(64),
                "performanceMetrics": _text(31),
            }
        ),
        "event": _object({"blockNumber": _count, "transactionHash": _digest, "version": _text(64)}),
        "kind": _one_of("file", "folder"),
        "files": _list(
            _object({"name": _text(4096, least=1), "size": _count, "sha256": _text(64, re.compile("[0-9a-f]{64}"))}), least=1
        ),
        "ignorePaths": _list(_text(4096)),
        "approved": _object({"blockNumber": _count, "policyDigest": _digest}, optional=["policyDigest"]),
    },
    optional=["event"],
)


def _parse_json(text: str) -> Any:
    """Parsed JSON; None (which is valid nowhere here) for what is none, NaN and Infinity included."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None


def _invalid(fault: str) -> ProvenanceError:
    text = f"The lock file is not valid. {fault} Write it again with model-provenance verify --write-lock."
    return ProvenanceError("LOCK_INVALID", text)


# ── The comparison


def compare_resources(expected: Sequence[Resource], actual: Sequence[Resource]) -> List[Difference]:
    """What differs, in name order. A missing and an extra file of the same content are one renamed file."""
    found = {resource.name: resource for resource in actual}
    names = {resource.name for resource in expected}
    unclaimed = [resource for resource in actual if resource.name not in names]
    rows: List[Difference] = []
    for resource in expected:
        here = found.get(resource.name)
        if here is not None:
            if here != resource:
                rows.append(Difference(resource.name, "mismatch", resource, here))
            continue
        twin = next((other for other in unclaimed if other.sha256 == resource.sha256), None)
        if twin is not None:
            unclaimed.remove(twin)
        rows.append(Difference(resource.name, "renamed" if twin else "missing", resource, twin))
    rows += [Difference(resource.name, "extra", None, resource) for resource in unclaimed]
    return sorted(rows, key=lambda row: row.name.encode("utf-8"))


def _is_renamed_file(model: HashedModel, expected: Sequence[Resource]) -> bool:
    """A single file may carry another name: that is a warning."""
    return model.kind == "file" and len(expected) == 1 and model.resources[0][1:] == expected[0][1:]


def _check_acceptable(lock: Dict[str, Any], creators: Optional[Iterable[str]], policy: Any) -> None:
    creator = lock["record"]["creator"]
    if isinstance(creators, str):
        raise ProvenanceError("OPTION_INVALID", "creators takes a list of addresses, not a text.")
    if creators is not None and creator.lower() not in [account.lower() for account in creators]:
        text = f"The lock is of a model by {creator}, who is not one of the creators allowed."
        raise ProvenanceError("NOT_ACCEPTABLE", text)
    if policy is None:
        return
    try:
        with open(policy, "rb") as stream:
            digest = "0x" + hashlib.sha256(stream.read()).hexdigest()
    except OSError as error:
        text = f"The policy {os.fspath(policy)} cannot be read ({error.strerror})."
        raise ProvenanceError("OPTION_INVALID", text) from error
    if lock["approved"].get("policyDigest") != digest:
        text = "The lock was approved under another policy: verify with the chain, and write it again."
        raise ProvenanceError("NOT_ACCEPTABLE", text)


def _warnings_of(model: HashedModel) -> List[str]:
    warnings = [f"{name} was left out by choice: nobody checked it." for name, why in model.excluded.items() if "choice" in why]
    if model.pointers:
        warnings.append(f"{len(model.pointers)} files are Git LFS pointers: their content was not seen.")
    return sorted(warnings)


def _describe(differences: Sequence[Difference], count: int, model: HashedModel) -> str:
    lines = [f"The files at {model.path} are not those that were approved: {len(differences)} differ, {count} approved."]
    for name, status, expected, actual in differences[:20]:
        detail = f", now {_printable(actual.name)}" if status == "renamed" and actual else ""
        if status == "mismatch" and expected and actual:
            detail = f" expected {expected.sha256} ({expected.size} bytes), actual {actual.sha256} ({actual.size} bytes)"
        lines.append(f"  {status.upper()} {_printable(name)}{detail}")
    if len(differences) > 20:
        lines.append(f"  and {len(differences) - 20} more")
    return "\n".join(lines)


def _printable(text: str) -> str:
    """Text that cannot steer a terminal: control, format and line-break characters are written as escapes."""
    unsafe = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "".join(f"\\u{{{ord(c):x}}}" if unicodedata.category(c) in unsafe else c for c in text)


# ── The command


_EXIT_CODES = {"MODEL_DIFFERS": 1, "NOT_ACCEPTABLE": 5, "MODEL_UNREADABLE": 4, "MODEL_CHANGED": 4}


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command; returns its exit code. Every code but 0 means closed."""
    parser = argparse.ArgumentParser(prog="model_provenance.py", description="Checks a model against a lock file, offline.")
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, text in (("verify", "compare a model with a lock file"), ("hash", "compute the digests of a model")):
        command = verbs.add_parser(verb, help=text, description=text)
        command.add_argument("path", help="the model: a file or a folder")
        command.add_argument("--hf-cache", action="store_true", help="follow the links of a Hugging Face cache snapshot")
        command.add_argument("--lfs-pointers", action="store_true", help="take digests from Git LFS pointers")
        command.add_argument("--json", action="store_true", help="print one JSON document")
        if verb == "hash":
            command.add_argument("--ignore-paths", default="", help="relative paths to leave out, comma-separated")
            continue
        command.add_argument("--lock", default=LOCK_NAME, help=f"the lock file; else {LOCK_NAME}")
        command.add_argument("--creators", help="accounts whose records are accepted, comma-separated")
        command.add_argument("--policy", help="the policy under which the lock must have been written")
    options = parser.parse_args(arguments)
    run = _run_verify if options.verb == "verify" else _run_hash
    try:
        return run(options)
    except ProvenanceError as error:
        code = _EXIT_CODES.get(error.code, 2)
        if options.json and options.verb == "verify":
            differences = [{"name": row.name, "status": row.status} for row in error.differences]
            _print_json({"ok": False, "exitCode": code, "code": error.code, "reason": str(error), "files": differences})
        print(f"error[{error.code}]: {error}", file=sys.stderr)
        return code
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 4
    except KeyboardInterrupt:
        return 130


def _run_verify(options: argparse.Namespace) -> int:
    creators = None if options.creators is None else [text.strip() for text in options.creators.split(",") if text.strip()]
    verified = verify_model(
        options.path,
        options.lock,
        creators=creators,
        policy=options.policy,
        hf_cache=options.hf_cache,
        lfs_pointers=options.lfs_pointers,
    )
    for warning in verified.warnings:
        print(f"warning: {_printable(warning)}", file=sys.stderr)
    token, creator = verified.record["tokenId"], verified.record["creator"]
    if options.json:
        _print_json({"ok": True, "exitCode": 0, "tokenId": token, "creator": creator, "warnings": list(verified.warnings)})
    else:
        print(f"VERIFIED: {len(verified.resources)} files are those approved, token {token} by {creator}")
    return 0


def _run_hash(options: argparse.Namespace) -> int:
    ignored = [text.strip() for text in options.ignore_paths.split(",") if text.strip()]
    model = hash_model(options.path, ignored, hf_cache=options.hf_cache, lfs_pointers=options.lfs_pointers)
    digests = {key: getattr(model, key) for key in ("model_digest", "manifest_root", "weights_digest")}
    if options.json:
        camel = {re.sub("_(.)", lambda match: match[1].upper(), key): value for key, value in digests.items()}
        _print_json({**camel, "kind": model.kind, "resources": [entry._asdict() for entry in model.resources]})
    else:
        print("\n".join(f"{key:15} {value}" for key, value in digests.items()))
    return 0


def _print_json(document: Dict[str, Any]) -> None:
    print(json.dumps({"schemaVersion": "1.0", **document}))


if __name__ == "__main__":
    sys.exit(main())
