import { relationOf } from "./relation-of.ts";
import type { Signer } from "ethers";
import { sha256, toUtf8 } from "../base/bytes.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, toHex } from "../base/hex.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { Block } from "../content/cid.ts";
import { rawCidOfDigest, toIpfsUri } from "../content/cid.ts";
import {
  type ContentLinks,
  type RecordingAccount,
  type Statements,
  type WarnOfStatement,
  buildProvenance,
} from "./build-provenance.ts";
import { canonicalJson } from "./canonical-json.ts";
import { describeByName } from "./default-description.ts";
import { parseUntrustedJson } from "./json-limits.ts";
import { type PinnableFile, buildManifestEntry, toPinnableFile } from "./manifest-entry.ts";
import { drawModelCard } from "./model-card-image.ts";
import type { ModelFacts } from "./model-facts.ts";
import { METADATA_MAX_BYTES, type Metadata, type Provenance, metadataSchema } from "./schema.ts";
import { signOnce, signPublisherOnce } from "./sign-once.ts";

/** A picture of more bytes is not taken. */
export const IMAGE_MAX_BYTES = 64 * 1024 * 1024;

/** A signed metadata JSON and everything that has to be pinned for it. */
export interface BuiltMetadata {
  readonly metadata: Metadata;
  /** SHA-256 of the JSON, 0x-hex of 32 bytes: what the chain records. */
  readonly metadataDigest: Hex;
  /** `ipfs://bafkrei…`, what `tokenURI` will answer. */
  readonly uri: string;
  /** The JSON as one raw block. */
  readonly block: Block;
  /** The picture, the manifest file of a model of very many files, and what was given to be pinned with them. */
  readonly attachments: readonly PinnableFile[];
}

/** Input of {@link buildMetadata}. */
export interface BuildMetadataInput {
  readonly model: HashedModel;
  readonly facts: ModelFacts;
  readonly statements: Statements;
  readonly account: RecordingAccount;
  readonly signer: Signer;
  /** Signed in an earlier run: where the provenance is the same, its signature is taken and nobody is asked to sign. */
  readonly signedBefore?: Metadata;
  /** The picture's bytes, at most {@link IMAGE_MAX_BYTES}; one is drawn when it is left out. */
  readonly image?: Uint8Array;
  /** What lies elsewhere and the provenance names by its CID. */
  readonly contents?: ContentLinks;
  /** The files that `contents` names, as far as they are to be pinned. */
  readonly attachments?: readonly PinnableFile[];
  readonly warn: WarnOfStatement;
}

/**
 * Builds and signs the metadata JSON of a model. The bytes are canonical and hold no clock reading:
 * the same input gives the same CID.
 *
 * @throws {ProvenanceError} `METADATA_TOO_LARGE` above 1 MiB, `SIGNER_MISMATCH`, and as {@link buildProvenance}
 * @see RFC 8785, EIP-712, ERC-721 metadata
 */
export async function buildMetadata(input: BuildMetadataInput): Promise<BuiltMetadata> {
  const { model, facts, statements, account, signer } = input;
  if ((await signer.getAddress()) !== account.creator) {
    throw new ProvenanceError("SIGNER_MISMATCH", `The signer is not ${account.creator}, the account that will mint.`);
  }
  const { manifest, file } = await buildManifestEntry(model);
  const stated = { ...statements, ...input.contents };
  const by = { ...account, publisher: await signPublisherOnce(input) };
  const provenance = buildProvenance(model, manifest, facts, stated, by, input.warn);
  const name = statements.name ?? facts.name ?? nameOf(model);
  const image = await toPinnableFile(input.image ?? toUtf8(drawCard(name, provenance)));
  const metadata = parseBuilt({
    name,
    description: statements.description ?? facts.description ?? describeByName(name),
    image: toIpfsUri(image.root),
    ...(statements.externalUrl !== undefined && { external_url: statements.externalUrl }),
    attributes: buildAttributes(provenance, facts.unsafeSerialization?.length),
    provenance,
    signature: await signOnce(provenance, input),
  });

  const bytes = canonicalJson(metadata);
  if (bytes.length > METADATA_MAX_BYTES) throw tooLarge(bytes.length, provenance);
  parseUntrustedJson(bytes, METADATA_MAX_BYTES, "The metadata"); // nobody could read what this refuses
  const metadataDigest = toHex(sha256(bytes));
  const cid = rawCidOfDigest(metadataDigest);
  const attachments = [image, ...(file ? [file] : []), ...(input.attachments ?? [])];
  return { metadata, metadataDigest, uri: toIpfsUri(cid), block: { cid, bytes }, attachments };
}

/** The last part of its path, as any system writes it. */
function nameOf({ path }: HashedModel): string {
  return path.split(/[/\\]/).findLast((part) => part !== "") ?? path;
}

function drawCard(name: string, provenance: Provenance): string {
  const { task, license, version, metrics } = provenance;
  return drawModelCard({
    name,
    modelDigest: provenance.modelDigest as Hex,
    publisher: provenance.creator.split(":").at(-1),
    task,
    parameters: provenance.parameters?.total,
    license,
    // The last two parts of https://huggingface.co/owner/name.
    baseModel: provenance.baseModels?.[0]?.uri.split("/").slice(-2).join("/"),
    version,
    metrics,
  });
}

function parseBuilt(candidate: unknown): Metadata {
  const parsed = metadataSchema.safeParse(candidate);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
  throw new ProvenanceError(
    "OPTION_INVALID",
    `metadata.${path.join(".")} ${message}. Correct it in the options or the card.`,
  );
}

/** What a marketplace shows of the provenance. */
function buildAttributes(provenance: Provenance, unsafeFiles: number | undefined): Metadata["attributes"] {
  const framework = provenance.framework && [provenance.framework.name, provenance.framework.version];
  const traits: [string, string | number | undefined][] = [
    ["Task", provenance.task],
    ["Architecture", provenance.modelArchitecture],
    ["Framework", framework?.filter(Boolean).join(" ")],
    ["License", provenance.license],
    ["Version", provenance.version],
    ["Relation", relationOf(provenance)],
    ["Parameters", provenance.parameters?.total],
    ["Files with unsafe serialization", unsafeFiles],
    ...(provenance.metrics ?? []).map(({ name, value }): [string, string | number] => [name, value]),
    ["Model digest", provenance.modelDigest],
  ];
  return traits.flatMap(([trait_type, value]) => (value === undefined ? [] : [{ trait_type, value }]));
}

function tooLarge(size: number, provenance: Provenance): ProvenanceError {
  const manifest = canonicalJson(provenance.manifest).length;
  const config = canonicalJson(provenance.trainingConfig ?? {}).length;
  return new ProvenanceError(
    "METADATA_TOO_LARGE",
    `The metadata has ${size} bytes, more than the ${METADATA_MAX_BYTES} that fit one IPFS block ` +
      `(manifest ${manifest}, trainingConfig ${config}). Shorten what is largest.`,
  );
}
