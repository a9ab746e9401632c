"""Verbs as functions: an argument for each flag. Made by npm run make:schema from the declarations of the verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _readers
from ._arguments import PathLike
from ._call import Call
from ._documents import FetchedModel, HashedModel, Lineage, ShownModel
from ._report import Report


def verify(
    path: PathLike | None = None,
    *,
    token: PathLike | int | None = None,
    registries: PathLike | None = None,
    indexer: PathLike | None = None,
    dataset: PathLike | None = None,
    ignore_paths: PathLike | Iterable[PathLike] | None = None,
    only: PathLike | Iterable[PathLike] | None = None,
    export_proof: PathLike | None = None,
    proof: PathLike | None = None,
    manifest_root: PathLike | None = None,
    credential: PathLike | None = None,
    agent: PathLike | None = None,
    foreign: PathLike | None = None,
    foreign_origin: PathLike | None = None,
    policy: PathLike | None = None,
    creators: PathLike | Iterable[PathLike] | None = None,
    lock: PathLike | Mapping[str, Any] | None = None,
    write_lock: PathLike | None = None,
    pack: PathLike | None = None,
    block_hash: PathLike | None = None,
    fast: bool | None = None,
    cid: bool | None = None,
    cache: PathLike | None = None,
    trust_cache: bool | None = None,
    hf_cache: bool | None = None,
    lfs_pointers: bool | None = None,
    endpoint: PathLike | None = None,
    publisher_statements: PathLike | Iterable[PathLike] | None = None,
    ens_rpc_url: PathLike | None = None,
    did_origin: PathLike | None = None,
    store_path: PathLike | None = None,
    gateway: PathLike | Iterable[PathLike] | None = None,
    pinata_gateway: PathLike | None = None,
    offline: bool | None = None,
    keep_fetched: bool | None = None,
    receipt: PathLike | None = None,
    output: PathLike | None = None,
    market: PathLike | None = None,
    contract: PathLike | None = None,
    network: PathLike | None = None,
    chain_id: int | None = None,
    rpc_url: PathLike | None = None,
    rpc_timeout: int | None = None,
    timeout: float | None = None,
) -> Call[Report]:
    """Ask the chain who recorded exactly these files; the exit code is the verdict.

    What is not given is read from the environment and `.env` of the working folder, as the command does.

    Args:
        path: a file or a folder
        token: the token the model should be: a number, 0x-hex, or the path of a model
        registries: YAML file of the registries to trust, on any chains
        indexer: an indexer that says where to look (npm run indexer); never believed; none: not the one of the registries file
        dataset: the training data, a file or a folder; only its digest is recorded
        ignore_paths: relative paths to leave out, comma-separated
        only: check, or fetch, these files alone, by their recorded names, comma-separated
        export_proof: where to write the proof of the one file that `only` names
        proof: check one file with this proof alone, without the metadata
        manifest_root: with `proof`: the root to trust, so that nothing is asked of the chain
        credential: a credential about the model: its proof, the record and the status, alone or beside `model`
        agent: an agent (ERC-8004), eip155:<chain>:<registry>/<id>: the model that it says it runs, alone or beside `model`
        foreign: compare with `token` of this contract, which is not a ModelProvenanceNFT; proves less, and says what
        foreign_origin: with `foreign` or `agent`: a server for its file that may be asked although its address is private
        policy: YAML file with the rules that a record must keep (docs/policy.md)
        creators: accounts whose records are accepted, comma-separated
        lock: compare with what this lock file approves; no network is needed
        write_lock: write what was verified to this lock file
        pack: verify with this pack alone, without a network; needs `block_hash`
        block_hash: with `pack`: the hash of its block, as you trust it
        fast: compare the model's CID instead of the digests of its files
        cid: also compute the CID of the model, in the same pass; mint records it, verify compares it with the record
        cache: file with the digests of files hashed before, kept and used by hash
        trust_cache: let verify use that file too: what it knows is not read
        hf_cache: follow the links of a Hugging Face cache snapshot to its own blobs
        lfs_pointers: take digests and sizes from Git LFS pointers, not content
        endpoint: the Hub, or a mirror of it; else https://huggingface.co
        publisher_statements: statements of accounts that say who they are, comma-separated: files, or ipfs://… where they are pinned
        ens_rpc_url: a JSON-RPC node of Ethereum mainnet, which is asked for the ENS names of accounts
        did_origin: a server of did:web documents that may be asked although its address is private
        store_path: folder of the local store; else .model-provenance/store
        gateway: IPFS gateways to read from, the first one first, https://host; else public ones, on a public chain
        pinata_gateway: dedicated gateway of the Pinata account, to read from: a host, or a URL
        offline: ask no gateway: read from the local store alone
        keep_fetched: keep what gateways answered in the local store, up to 64 MiB a run
        receipt: check a receipt of an answer that a gate gave, and no model
        output: the answer that the receipt is said to be for
        market: the market of licences; else that of the registries file, or the one that Ignition recorded
        contract: the registry; else the one that Ignition recorded for the chain
        network: a network by its name, with its chain id, <NAME>_RPC_URL and the registry that Ignition recorded
        chain_id: the chain that the node must be of
        rpc_url: a JSON-RPC node of the chain
        rpc_timeout: seconds after which a request to the node is given up; else 30
        timeout: seconds after which the work is ended

    Raises:
        ProvenanceError: by its subclasses what the exit code of the command says
    """
    options = {
        "token": token,
        "registries": registries,
        "indexer": indexer,
        "dataset": dataset,
        "ignore_paths": ignore_paths,
        "only": only,
        "export_proof": export_proof,
        "proof": proof,
        "manifest_root": manifest_root,
        "credential": credential,
        "agent": agent,
        "foreign": foreign,
        "foreign_origin": foreign_origin,
        "policy": policy,
        "creators": creators,
        "lock": lock,
        "write_lock": write_lock,
        "pack": pack,
        "block_hash": block_hash,
        "fast": fast,
        "cid": cid,
        "cache": cache,
        "trust_cache": trust_cache,
        "hf_cache": hf_cache,
        "lfs_pointers": lfs_pointers,
        "endpoint": endpoint,
        "publisher_statements": publisher_statements,
        "ens_rpc_url": ens_rpc_url,
        "did_origin": did_origin,
        "store_path": store_path,
        "gateway": gateway,
        "pinata_gateway": pinata_gateway,
        "offline": offline,
        "keep_fetched": keep_fetched,
        "receipt": receipt,
        "output": output,
        "market": market,
        "contract": contract,
        "network": network,
        "chain_id": chain_id,
        "rpc_url": rpc_url,
        "rpc_timeout": rpc_timeout,
    }
    return _readers.verify([place for place in (path,) if place is not None], options, timeout)


def hash_(
    path: PathLike,
    *,
    batch: PathLike | None = None,
    queue: PathLike | None = None,
    ignore_paths: PathLike | Iterable[PathLike] | None = None,
    cid: bool | None = None,
    cache: PathLike | None = None,
    hf_cache: bool | None = None,
    lfs_pointers: bool | None = None,
    endpoint: PathLike | None = None,
    timeout: float | None = None,
) -> Call[HashedModel]:
    """Compute the digests of a model, on disk or on the Hugging Face Hub; nothing is sent anywhere.

    What is not given is read from the environment and `.env` of the working folder, as the command does.

    Args:
        path: a file or a folder
        batch: every model of this list (.json or .jsonl), published in few transactions; one that is bad does not stop the others
        queue: let all workers of a queue read models and hash files: postgres://… of PostgreSQL 15 or newer
        ignore_paths: relative paths to leave out, comma-separated
        cid: also compute the CID of the model, in the same pass; mint records it, verify compares it with the record
        cache: file with the digests of files hashed before, kept and used by hash
        hf_cache: follow the links of a Hugging Face cache snapshot to its own blobs
        lfs_pointers: take digests and sizes from Git LFS pointers, not content
        endpoint: the Hub, or a mirror of it; else https://huggingface.co
        timeout: seconds after which the work is ended

    Raises:
        ProvenanceError: by its subclasses what the exit code of the command says
    """
    options = {
        "batch": batch,
        "queue": queue,
        "ignore_paths": ignore_paths,
        "cid": cid,
        "cache": cache,
        "hf_cache": hf_cache,
        "lfs_pointers": lfs_pointers,
        "endpoint": endpoint,
    }
    return _readers.hash_([path], options, timeout)


def show(
    token: PathLike | int,
    *,
    registries: PathLike | None = None,
    indexer: PathLike | None = None,
    hf_cache: bool | None = None,
    market: PathLike | None = None,
    store_path: PathLike | None = None,
    publisher_statements: PathLike | Iterable[PathLike] | None = None,
    ens_rpc_url: PathLike | None = None,
    did_origin: PathLike | None = None,
    gateway: PathLike | Iterable[PathLike] | None = None,
    pinata_gateway: PathLike | None = None,
    offline: bool | None = None,
    keep_fetched: bool | None = None,
    contract: PathLike | None = None,
    network: PathLike | None = None,
    chain_id: int | None = None,
    rpc_url: PathLike | None = None,
    rpc_timeout: int | None = None,
    timeout: float | None = None,
) -> Call[ShownModel]:
    """Print one record in full: what the chain keeps, what happened since, and the metadata.

    What is not given is read from the environment and `.env` of the working folder, as the command does.

    Args:
        token: the token: a number, 0x-hex, or the path of a model
        registries: YAML file of the registries to trust, on any chains
        indexer: an indexer that says where to look (npm run indexer); never believed; none: not the one of the registries file
        hf_cache: follow the links of a Hugging Face cache snapshot to its own blobs
        market: the market of licences; else that of the registries file, or the one that Ignition recorded
        store_path: folder of the local store; else .model-provenance/store
        publisher_statements: statements of accounts that say who they are, comma-separated: files, or ipfs://… where they are pinned
        ens_rpc_url: a JSON-RPC node of Ethereum mainnet, which is asked for the ENS names of accounts
        did_origin: a server of did:web documents that may be asked although its address is private
        gateway: IPFS gateways to read from, the first one first, https://host; else public ones, on a public chain
        pinata_gateway: dedicated gateway of the Pinata account, to read from: a host, or a URL
        offline: ask no gateway: read from the local store alone
        keep_fetched: keep what gateways answered in the local store, up to 64 MiB a run
        contract: the registry; else the one that Ignition recorded for the chain
        network: a network by its name, with its chain id, <NAME>_RPC_URL and the registry that Ignition recorded
        chain_id: the chain that the node must be of
        rpc_url: a JSON-RPC node of the chain
        rpc_timeout: seconds after which a request to the node is given up; else 30
        timeout: seconds after which the work is ended

    Raises:
        ProvenanceError: by its subclasses what the exit code of the command says
    """
    options = {
        "registries": registries,
        "indexer": indexer,
        "hf_cache": hf_cache,
        "market": market,
        "store_path": store_path,
        "publisher_statements": publisher_statements,
        "ens_rpc_url": ens_rpc_url,
        "did_origin": did_origin,
        "gateway": gateway,
        "pinata_gateway": pinata_gateway,
        "offline": offline,
        "keep_fetched": keep_fetched,
        "contract": contract,
        "network": network,
        "chain_id": chain_id,
        "rpc_url": rpc_url,
        "rpc_timeout": rpc_timeout,
    }
    return _readers.show([token], options, timeout)


def lineage(
    token: PathLike | int,
    *,
    registries: PathLike | None = None,
    indexer: PathLike | None = None,
    index: PathLike | None = None,
    market: PathLike | None = None,
    hf_cache: bool | None = None,
    publisher_statements: PathLike | Iterable[PathLike] | None = None,
    ens_rpc_url: PathLike | None = None,
    did_origin: PathLike | None = None,
    store_path: PathLike | None = None,
    gateway: PathLike | Iterable[PathLike] | None = None,
    pinata_gateway: PathLike | None = None,
    offline: bool | None = None,
    keep_fetched: bool | None = None,
    contract: PathLike | None = None,
    network: PathLike | None = None,
    chain_id: int | None = None,
    rpc_url: PathLike | None = None,
    rpc_timeout: int | None = None,
    timeout: float | None = None,
) -> Call[Lineage]:
    """Draw all ancestors and descendants of a model; with --tensors compare it with its parent, tensor by tensor.

    What is not given is read from the environment and `.env` of the working folder, as the command does.

    Args:
        token: the token: a number, 0x-hex, or the path of a model
        registries: YAML file of the registries to trust, on any chains
        indexer: an indexer that says where to look (npm run indexer); never believed; none: not the one of the registries file
        index: file that keeps what lineage read, to go on from there
        market: the market of licences; else that of the registries file, or the one that Ignition recorded
        hf_cache: follow the links of a Hugging Face cache snapshot to its own blobs
        publisher_statements: statements of accounts that say who they are, comma-separated: files, or ipfs://… where they are pinned
        ens_rpc_url: a JSON-RPC node of Ethereum mainnet, which is asked for the ENS names of accounts
        did_origin: a server of did:web documents that may be asked although its address is private
        store_path: folder of the local store; else .model-provenance/store
        gateway: IPFS gateways to read from, the first one first, https://host; else public ones, on a public chain
        pinata_gateway: dedicated gateway of the Pinata account, to read from: a host, or a URL
        offline: ask no gateway: read from the local store alone
        keep_fetched: keep what gateways answered in the local store, up to 64 MiB a run
        contract: the registry; else the one that Ignition recorded for the chain
        network: a network by its name, with its chain id, <NAME>_RPC_URL and the registry that Ignition recorded
        chain_id: the chain that the node must be of
        rpc_url: a JSON-RPC node of the chain
        rpc_timeout: seconds after which a request to the node is given up; else 30
        timeout: seconds after which the work is ended

    Raises:
        ProvenanceError: by its subclasses what the exit code of the command says
    """
    options = {
        "registries": registries,
        "indexer": indexer,
        "index": index,
        "market": market,
        "hf_cache": hf_cache,
        "publisher_statements": publisher_statements,
        "ens_rpc_url": ens_rpc_url,
        "did_origin": did_origin,
        "store_path": store_path,
        "gateway": gateway,
        "pinata_gateway": pinata_gateway,
        "offline": offline,
        "keep_fetched": keep_fetched,
        "contract": contract,
        "network": network,
        "chain_id": chain_id,
        "rpc_url": rpc_url,
        "rpc_timeout": rpc_timeout,
    }
    return _readers.lineage([token], options, timeout)


def fetch(
    token: PathLike | int,
    path: PathLike,
    *,
    only: PathLike | Iterable[PathLike] | None = None,
    publisher_statements: PathLike | Iterable[PathLike] | None = None,
    ens_rpc_url: PathLike | None = None,
    did_origin: PathLike | None = None,
    gateway: PathLike | Iterable[PathLike] | None = None,
    pinata_gateway: PathLike | None = None,
    offline: bool | None = None,
    store_path: PathLike | None = None,
    contract: PathLike | None = None,
    network: PathLike | None = None,
    chain_id: int | None = None,
    rpc_url: PathLike | None = None,
    rpc_timeout: int | None = None,
    timeout: float | None = None,
) -> Call[FetchedModel]:
    """Download a published model from gateways nobody has to trust, and verify it.

    What is not given is read from the environment and `.env` of the working folder, as the command does.

    Args:
        token: the token: a number, 0x-hex, or the path of a model
        path: a file or a folder
        only: check, or fetch, these files alone, by their recorded names, comma-separated
        publisher_statements: statements of accounts that say who they are, comma-separated: files, or ipfs://… where they are pinned
        ens_rpc_url: a JSON-RPC node of Ethereum mainnet, which is asked for the ENS names of accounts
        did_origin: a server of did:web documents that may be asked although its address is private
        gateway: IPFS gateways to read from, the first one first, https://host; else public ones, on a public chain
        pinata_gateway: dedicated gateway of the Pinata account, to read from: a host, or a URL
        offline: ask no gateway: read from the local store alone
        store_path: folder of the local store; else .model-provenance/store
        contract: the registry; else the one that Ignition recorded for the chain
        network: a network by its name, with its chain id, <NAME>_RPC_URL and the registry that Ignition recorded
        chain_id: the chain that the node must be of
        rpc_url: a JSON-RPC node of the chain
        rpc_timeout: seconds after which a request to the node is given up; else 30
        timeout: seconds after which the work is ended

    Raises:
        ProvenanceError: by its subclasses what the exit code of the command says
    """
    options = {
        "only": only,
        "publisher_statements": publisher_statements,
        "ens_rpc_url": ens_rpc_url,
        "did_origin": did_origin,
        "gateway": gateway,
        "pinata_gateway": pinata_gateway,
        "offline": offline,
        "store_path": store_path,
        "contract": contract,
        "network": network,
        "chain_id": chain_id,
        "rpc_url": rpc_url,
        "rpc_timeout": rpc_timeout,
    }
    return _readers.fetch([token, path], options, timeout)
