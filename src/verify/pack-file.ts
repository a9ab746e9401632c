import { isAddress } from "ethers";
import { type CID } from "multiformats/cid";
import { z } from "zod";
import { writeFileAtomically } from "../base/atomic-write.ts";
import { readGivenFile } from "../base/given-file.ts";
import { ProvenanceError } from "../base/errors.ts";
import { parseUntrustedJson } from "../metadata/json-limits.ts";
import { bytesMatchCid } from "../content/cid.ts";
import type { BlockSource } from "../content/content-store.ts";

const MAX_PACK_BYTES = 64 * 1024 * 1024;
const MAX_PROOF_NODES = 64;

const hex = z.templateLiteral(["0x", z.string()]).refine((text) => /^0x([0-9a-f]{2})*$/.test(text), "is no 0x-hex");
const hex32 = hex.refine((text) => text.length === 66, "is not 32 bytes");
const proof = z.array(hex).max(MAX_PROOF_NODES);

const packSchema = z.strictObject({
  schemaVersion: z.literal("1.0"),
  type: z.literal("model-provenance-pack"),
  chainId: z.number().int().positive(),
  registry: z
    .string()
    .refine((text) => /^0x/.test(text) && isAddress(text), "must be an address, with a right checksum if any"),
  tokenId: hex32,
  block: z.strictObject({ number: z.number().int().nonnegative(), hash: hex32, header: hex }),
  accountProof: proof,
  storageProofs: z.array(z.strictObject({ slot: hex32, proof })).max(64),
  blocks: z.array(z.strictObject({ cid: z.string().max(128), bytes: z.base64() })).max(1024),
});

/** One file with which a model is verified without a network: the record's proofs, and what it names by digest. */
export type PackFile = z.infer<typeof packSchema>;

/**
 * Reads a pack. Nothing in it is believed: every part is checked against a block hash that the verifier brings.
 *
 * @throws {ProvenanceError} `PACK_INVALID`, `OPTION_INVALID` if it cannot be read
 */
export async function readPackFile(path: string): Promise<PackFile> {
  return parsePack(await readGivenFile(path, { what: "The pack", maxBytes: MAX_PACK_BYTES }));
}

/** As {@link readPackFile}, from its bytes. */
export function parsePack(bytes: Uint8Array): PackFile {
  let document: unknown;
  try {
    document = parseUntrustedJson(bytes, MAX_PACK_BYTES, "The pack");
  } catch (cause) {
    throw new ProvenanceError("PACK_INVALID", (cause as Error).message, { cause });
  }
  const parsed = packSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
  throw new ProvenanceError("PACK_INVALID", `The pack is not of this format: ${path.join(".")} ${message}.`);
}

/** Writes a pack, whole or not at all. @throws {ProvenanceError} `OPTION_INVALID` if it cannot be written */
export async function writePackFile(path: string, pack: PackFile): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(pack)}\n`).catch((cause: NodeJS.ErrnoException) => {
    throw new ProvenanceError("OPTION_INVALID", `The pack ${path} cannot be written (${cause.code}).`, { cause });
  });
}

/** Reads the blocks that a pack carries, each checked against its CID. */
export function packedBlocks({ blocks }: Pick<PackFile, "blocks">): BlockSource {
  const byCid = new Map(blocks.map(({ cid, bytes }) => [cid, bytes]));
  return {
    get: async (cid: CID) => {
      const packed = byCid.get(cid.toString());
      if (packed === undefined) {
        throw new ProvenanceError("STORE_BLOCK_MISSING", `The pack does not hold ${cid.toString()}.`);
      }
      const bytes = Buffer.from(packed, "base64");
      if (bytesMatchCid(cid, bytes)) return Promise.resolve(bytes);
      throw new ProvenanceError("STORE_BLOCK_CORRUPT", `The pack holds other bytes under ${cid.toString()}.`);
    },
  };
}

/** Passes on what a source reads, and keeps it for a pack. */
export function recordBlocks(source: BlockSource): BlockSource & { readonly blocks: PackFile["blocks"] } {
  const blocks: PackFile["blocks"] = [];
  return {
    blocks,
    get: async (cid) => {
      const bytes = await source.get(cid);
      const name = cid.toString();
      if (!blocks.some((block) => block.cid === name)) {
        blocks.push({ cid: name, bytes: Buffer.from(bytes).toString("base64") });
      }
      return bytes;
    },
  };
}
