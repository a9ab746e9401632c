import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { create as createMultihash } from "multiformats/hashes/digest";
import { compareBytes, fromHex, sha256 } from "../base/bytes.ts";
import type { Hex } from "../base/hex.ts";

/** The multihash code of SHA-256. */
export const SHA2_256 = 0x12;
/** The largest block we write: 1 MiB, the chunk size of the UnixFS profile `unixfs-v1-2025`. */
export const MAX_BLOCK_BYTES = 1024 * 1024;
/** The largest block that others write and IPFS nodes exchange: 2 MiB. */
export const MAX_FOREIGN_BLOCK_BYTES = 2 * MAX_BLOCK_BYTES;

/** A block: bytes and the CID that follows from them. */
export interface Block {
  readonly cid: CID;
  readonly bytes: Uint8Array;
  /** Where the same bytes stand in a file of the publisher: a store may refer to them and copy nothing. */
  readonly origin?: BlockOrigin;
}

/** A range of a file. */
export interface BlockOrigin {
  /** Absolute. */
  readonly path: string;
  /** In bytes from the file's start. */
  readonly offset: number;
}

/** Computes the CIDv1 of bytes in a codec, by SHA-256. */
export function computeCid(codec: number, bytes: Uint8Array): CID {
  return CID.createV1(codec, createMultihash(SHA2_256, sha256(bytes)));
}

/** Makes one raw block of bytes. */
export function rawBlock(bytes: Uint8Array): Block {
  return { cid: computeCid(raw.code, bytes), bytes };
}

/** The CID of one raw block, from its SHA-256 (0x-hex of 32 bytes). */
export function rawCidOfDigest(digest: Hex): CID {
  return CID.createV1(raw.code, createMultihash(SHA2_256, fromHex(digest)));
}

/** Tells whether bytes are what a CID names. False for a hash function other than SHA-256. */
export function bytesMatchCid(cid: CID, bytes: Uint8Array): boolean {
  if (cid.multihash.code !== SHA2_256) return false;
  return compareBytes(sha256(bytes), cid.multihash.digest) === 0;
}

/** Writes a CID as `ipfs://…`. */
export function toIpfsUri(cid: CID): string {
  return `ipfs://${cid.toString()}`;
}
