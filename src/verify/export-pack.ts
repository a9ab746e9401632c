import { toBeHex } from "ethers";
import { readModelRecord } from "../registry/model-record.ts";
import type { Registry } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, toHex32 } from "../base/hex.ts";
import { type RpcBlock, encodeHeader, readHeader } from "../registry/proofs/block-header.ts";
import { type PackFile, recordBlocks } from "./pack-file.ts";
import { readRecordSlots } from "../registry/proofs/record-slots.ts";
import type { BlockSource } from "../content/content-store.ts";
import { readStatement } from "./statement.ts";
import { fetchBundle } from "./checks/oms.ts";
import { orElse } from "./findings.ts";

/** Sends a JSON-RPC request to the node of a registry. */
export type RpcSender = (method: string, params: readonly unknown[]) => Promise<unknown>;

interface RpcProof {
  readonly accountProof: Hex[];
  readonly storageProof: { readonly key: string; readonly proof: Hex[] }[];
}

/**
 * Gathers what a verifier needs to check a model without a network: its record with the proofs of it, down from a block
 * header, and the metadata, manifest and OMS bundle that the record names by digest.
 *
 * The block is the newest that is final, where the token is recorded in it and the node still has its state; else the
 * newest one.
 *
 * @param send - to the node of the registry, which must answer `eth_getProof`
 * @param store - where the metadata is read from
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `CHAIN_UNREACHABLE`, `STORE_BLOCK_MISSING` if something cannot be fetched,
 *   `PACK_INVALID` if the contract's storage is not that of a registry of this version
 */
export async function exportPack(
  registry: Registry,
  tokenId: bigint,
  store: BlockSource,
  send: RpcSender,
): Promise<PackFile> {
  const record = await readModelRecord(registry, tokenId);
  if (record === undefined) {
    throw new ProvenanceError("TOKEN_UNKNOWN", `There is no token ${toHex32(tokenId)} in ${registry.address}.`);
  }
  const source = recordBlocks(store);
  const { metadata, expected, problem = "" } = await readStatement(source, record);
  if (metadata === undefined || expected === undefined) {
    throw new ProvenanceError("STORE_BLOCK_MISSING", `The pack would not be whole. ${problem}`);
  }
  const { oms } = metadata.provenance;
  // One that cannot be fetched is no reason for no pack: who verifies is told that it is not there.
  if (oms !== undefined)
    await orElse(
      async () => fetchBundle(oms.bundleCid, source),
      () => undefined,
    );
  const state = await proveFinal(registry, tokenId, send);
  return {
    schemaVersion: "1.0",
    type: "model-provenance-pack",
    chainId: Number(registry.chainId),
    registry: registry.address,
    tokenId: toHex32(tokenId),
    ...state,
    blocks: source.blocks,
  };
}

type ProvedState = Pick<PackFile, "block" | "accountProof" | "storageProofs">;

async function proveFinal(registry: Registry, tokenId: bigint, send: RpcSender): Promise<ProvedState> {
  const final = await proveAt("finalized", registry, tokenId, send).catch(() => undefined);
  const state = final ?? (await proveAt("latest", registry, tokenId, send));
  if (state !== undefined) return state;
  const text = `The node knows token ${toHex32(tokenId)} and does not find it in its newest block. Try again.`;
  throw new ProvenanceError("CHAIN_UNREACHABLE", text);
}

/** @returns undefined where the token is not recorded in the block */
async function proveAt(
  tag: string,
  { address }: Registry,
  tokenId: bigint,
  send: RpcSender,
): Promise<ProvedState | undefined> {
  const block = (await ask(send, "eth_getBlockByNumber", [tag, false])) as RpcBlock | null;
  if (block === null) return undefined;
  const header = encodeHeader(block);
  const { hash, number } = readHeader(header);
  const at = block["number"];
  const slots: Hex[] = [];
  const record = await readRecordSlots(tokenId, async (slot) => {
    slots.push(toHex32(slot));
    return BigInt((await ask(send, "eth_getStorageAt", [address, toBeHex(slot, 32), at])) as string);
  });
  if (record === undefined) return undefined;
  const { accountProof, storageProof } = (await ask(send, "eth_getProof", [address, slots, at])) as RpcProof;
  return {
    block: { number, hash, header },
    accountProof,
    storageProofs: storageProof.map(({ key, proof }) => ({ slot: toHex32(BigInt(key)), proof })),
  };
}

async function ask(send: RpcSender, method: string, params: readonly unknown[]): Promise<unknown> {
  return send(method, params).catch((cause: Error) => {
    const reason = cause.message.split("\n")[0];
    throw new ProvenanceError(
      "CHAIN_UNREACHABLE",
      `The node does not answer ${method} (${reason}). Ask one that serves proofs of recent blocks.`,
      { cause },
    );
  });
}
