import { z } from "zod";
import { RELATIONS } from "../model/relation.ts";
import { parseDidWeb } from "./did-web.ts";

/** The largest metadata JSON, in bytes: one IPFS block, so that its CID carries its SHA-256. */
export const METADATA_MAX_BYTES = 1024 * 1024;
/** A longer list of resources (some 5 000 files) moves to a pinned file of its own. */
export const INLINE_MANIFEST_MAX_BYTES = 700 * 1024;

const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed(), "must be well-formed Unicode");
const digest = z.string().regex(/^0x[0-9a-f]{64}$/, "must be 0x and 64 lower-case hex digits");
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be an address");
const caip10 = z.string().regex(/^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/, "must be a CAIP-10 account");
const cid = z.string().regex(/^[a-z2-7]{10,120}$/, "must be a CIDv1 in base32");
const uri = text(2048);
const ipfsUri = uri.regex(/^ipfs:\/\/[A-Za-z0-9]{10,120}(\/.*)?$/, "must be ipfs:// and a CID");
const webUri = uri.regex(/^(https?|ipfs):\/\/\S+$/, "must be an http, https or ipfs URL");
const count = z.int().nonnegative();
const relation = z.enum(RELATIONS);
const signatureValue = z.string().regex(/^0x([0-9a-f]{2}){1,4096}$/);
const didWeb = z
  .string()
  .regex(/^did:web:[A-Za-z0-9.%:_~-]{1,504}$/)
  .refine((did) => parseDidWeb(did) !== undefined, "must be a did:web, its host in lower case: did:web:example.org");

/** All shares of the contributors together, in basis points. */
export const ALL_SHARES = 10_000;
/** Who had a part in a model: an account or a did:web, and a share in basis points. */
export const contributorSchema = z
  .strictObject({
    account: address.optional(),
    did: didWeb.optional(),
    role: text(64).min(1),
    share: z.int().min(0).max(ALL_SHARES),
  })
  .refine(({ account, did }) => (account === undefined) !== (did === undefined), "must name an account or a did");
/** All who had a part in a model; their shares sum to {@link ALL_SHARES}. */
export const contributorsSchema = z
  .array(contributorSchema)
  .min(1)
  .max(100)
  .refine(
    (list) => list.reduce((sum, { share }) => sum + share, 0) === ALL_SHARES,
    `must have shares that sum to ${ALL_SHARES}`,
  )
  .refine((list) => {
    const names = list.map(({ account, did }) => account?.toLowerCase() ?? did);
    return new Set(names).size === names.length;
  }, "must name nobody twice");

/** One resource of a manifest. */
export const resourceSchema = z.strictObject({
  name: text(4096).min(1),
  size: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What {@link manifestFileSchema} is before its resources are looked at. */
export const resourceListSchema = z.strictObject({ resources: z.array(z.unknown()).min(1) });
/** The resources of a manifest that stands in a file of its own. */
export const manifestFileSchema = z.strictObject({ resources: z.array(resourceSchema).min(1) });

const manifestSchema = z.strictObject({
  method: z.literal("files"),
  hashType: z.literal("sha256"),
  ignorePaths: z.array(text(4096)),
  resources: z.array(resourceSchema).min(1).optional(),
  file: z.strictObject({ cid, digest, size: count, count }).optional(),
});

const metricSchema = z.strictObject({
  name: text(256).min(1),
  value: z.union([z.number(), text(256)]),
  dataset: text(256).optional(),
  split: text(256).optional(),
});

/** `provenance`: what the creator signs. Core keys are closed, `extensions` is open. */
export const provenanceSchema = z.strictObject({
  schemaVersion: z.literal("1.0"),
  modelDigest: digest,
  manifestRoot: digest,
  weightsDigest: digest.optional(),
  weightsHash: digest.optional(),
  weights: z.strictObject({ files: z.array(text(4096).min(1)).optional(), rule: text(16).min(1) }).optional(),
  configHash: digest.optional(),
  manifest: manifestSchema.refine(
    (manifest) => (manifest.resources === undefined) !== (manifest.file === undefined),
    "must have either resources or file",
  ),
  modelArchitecture: text(256).optional(),
  task: text(256).optional(),
  framework: z.strictObject({ name: text(64).min(1), version: text(64).optional() }).optional(),
  parameters: z.strictObject({ total: count, byDtype: z.record(text(32), count) }).optional(),
  tensors: z.strictObject({ root: digest, count }).optional(),
  datasetCid: ipfsUri.optional(),
  datasetDigest: digest.optional(),
  datasets: z.array(z.strictObject({ name: text(256), uri: uri.optional(), digest: digest.optional() })).optional(),
  trainingConfig: z.record(text(256), z.json()).optional(),
  metrics: z.array(metricSchema).optional(),
  license: text(64).optional(),
  version: text(64).optional(),
  parents: z
    .array(z.strictObject({ tokenId: digest, relation, registry: caip10 }))
    .max(16)
    .optional(),
  baseModels: z.array(z.strictObject({ uri, relation, digest: digest.optional() })).optional(),
  model: z.strictObject({ cid, profile: text(64), size: count }).optional(),
  oms: z.strictObject({ bundleCid: cid, keyHint: digest }).optional(),
  royalty: z.strictObject({ receiver: address, basisPoints: z.int().min(0).max(1000) }).optional(),
  creator: z.string().regex(/^did:pkh:eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/),
  publisher: z.strictObject({ did: didWeb, signature: signatureValue }).optional(),
  contributors: contributorsSchema.optional(),
  extensions: z.record(text(256), z.json()).optional(),
});

/** The whole metadata JSON: ERC-721's keys, the provenance and its signature. */
export const metadataSchema = z.strictObject({
  name: text(256).min(1),
  description: text(8192),
  image: ipfsUri.optional(),
  external_url: webUri.optional(),
  attributes: z.array(
    z.strictObject({
      trait_type: text(256),
      value: z.union([text(256), z.number()]),
      display_type: text(64).optional(),
    }),
  ),
  provenance: provenanceSchema,
  signature: z.strictObject({
    type: z.literal("EIP-712"),
    signer: address,
    value: signatureValue,
  }),
});

/** What the creator signs. */
export type Provenance = z.infer<typeof provenanceSchema>;
/** The metadata JSON. */
export type Metadata = z.infer<typeof metadataSchema>;
/** One of those who had a part in a model. */
export type Contributor = z.infer<typeof contributorSchema>;
/** The manifest in the metadata: inline resources, or the pinned file that holds them. */
export type ManifestEntry = z.infer<typeof manifestSchema>;
