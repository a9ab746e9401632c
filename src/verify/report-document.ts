import { z } from "zod";
import { toHex32 } from "../base/hex.ts";
import { RELATIONS } from "../model/relation.ts";
import { publisherSchema } from "../registry/publishers/publisher-schema.ts";
import { STATUSES } from "../registry/model-record.ts";
import type { StatedAgent } from "./agent/stated-agent.ts";
import type { OtherRecord, Recall, RecordedModel, RegistryPlace, VerifyReport } from "./report.ts";

const digest = z.string().regex(/^0x[0-9a-f]{64}$/);
const account = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const count = z.int().nonnegative();
const status = z.enum(STATUSES);

const registry = z.strictObject({
  chainId: count,
  address: account,
  name: z.string().optional(),
  source: z.string().optional(),
});
const file = z.strictObject({ name: z.string(), size: count, sha256: z.string().optional() });
const range = z.strictObject({ start: count, end: count });

const statement = z
  .strictObject({ status, account, time: count.describe("Unix time in seconds"), reason: z.string() })
  .describe("who said it, when and why");

const record = z.strictObject({
  tokenId: digest,
  owner: account.optional().describe("absent where the model has no token yet"),
  creator: account,
  mintedAt: count.describe("Unix time in seconds: of the mint, or of the batch"),
  relation: z.enum(RELATIONS),
  status,
  parents: z.array(digest),
  datasetDigest: digest.describe("zero: not disclosed"),
  metadataDigest: digest,
  framework: z.string(),
  license: z.string(),
  performanceMetrics: z.string(),
});

/** The document that `verify --json` prints. */
export const verifyDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal("1.0"),
    verdict: z.enum(["verified", "mismatch", "not-registered", "unchecked", "unacceptable"]),
    exitCode: z.int().min(0).max(130),
    reason: z.string().describe("one sentence"),
    method: z.enum(["digests", "cid", "proof", "lock", "foreign", "agent", "credential"]).describe("what was compared"),
    filesChecked: count,
    filesRecorded: count.optional(),
    chainId: count.optional(),
    registry: account.optional().describe("that holds the record, or the only one asked"),
    registries: z.array(registry).describe("all that were asked"),
    model: z.strictObject({
      path: z.string(),
      modelDigest: digest.optional(),
      manifestRoot: digest.optional(),
      weightsDigest: digest.optional(),
      cid: z.string().optional(),
    }),
    cached: count.optional().describe("files whose digests were taken from the hash cache"),
    pointers: z.array(z.string()).optional().describe("files of which only the Git LFS pointer was seen"),
    record: record.optional(),
    event: z
      .strictObject({
        manifestRoot: digest,
        weightsDigest: digest,
        version: z.string(),
        blockNumber: count,
        transactionHash: digest,
      })
      .optional(),
    batch: z
      .strictObject({ root: digest, creator: account, contentDigest: digest, status })
      .optional()
      .describe("that holds the record, where it has no token yet"),
    otherRecords: z
      .array(
        z.strictObject({
          chainId: count,
          registry: account,
          tokenId: digest,
          creator: account,
          recordedAt: count,
          status,
          anchored: z.boolean(),
        }),
      )
      .describe("other records of the same model"),
    recalls: z
      .array(
        z.strictObject({
          chainId: count,
          registry: account,
          tokenId: digest,
          creator: account.describe("of the record that was recalled"),
          of: z.enum(["token", "batch"]),
          status,
          isOwn: z.boolean().describe("whether it is of the record in this report"),
          counts: z.boolean().optional().describe("whether a revocation decides; absent where that is not known"),
          statement: statement.optional(),
        }),
      )
      .optional()
      .describe("records of the same model that are deprecated or revoked"),
    ancestry: z
      .strictObject({ worst: status, causeId: digest, name: z.string().optional(), statement: statement.optional() })
      .optional(),
    latest: z
      .strictObject({ tokenId: digest, version: z.string() })
      .optional()
      .describe("the newest version by the model's creator or owner"),
    signed: z.boolean().optional().describe("whether the metadata is signed by its creator, where that was checked"),
    publisher: publisherSchema.optional(),
    agent: z
      .strictObject({
        id: z.string().describe("eip155:<chain>:<identity registry>/<id>"),
        owner: account.optional(),
        name: z.string().optional(),
        file: z.enum(["data", "ipfs", "web"]).optional().describe("where its registration file is"),
        models: z.array(
          z.strictObject({
            registry: z.string().describe("CAIP-10"),
            tokenId: digest,
            name: z.string().optional(),
            license: z.string().optional(),
            creator: z.string().optional(),
          }),
        ),
      })
      .optional()
      .describe("what an agent says it runs, where one was asked: a statement of its owner"),
    policy: z
      .strictObject({
        digest: digest.optional().describe("SHA-256 of the policy file"),
        violations: z.array(z.strictObject({ rule: z.string(), reason: z.string() })),
      })
      .optional(),
    files: z.array(
      z.strictObject({
        name: z.string(),
        status: z.enum(["ok", "mismatch", "missing", "extra", "renamed"]),
        expected: file.optional(),
        actual: file.optional(),
        damaged: z.array(range).optional(),
        truncatedAt: count.optional(),
        extraBytes: count.optional(),
      }),
    ),
    proofs: z
      .array(
        z.strictObject({
          schemaVersion: z.literal("1.0"),
          registry: z.string().describe("CAIP-10"),
          tokenId: digest,
          manifestRoot: digest,
          resource: z.strictObject({ name: z.string(), size: count, sha256: z.string() }),
          proof: z.array(digest),
        }),
      )
      .optional()
      .describe("proof files of single files that are as recorded, where single files were asked for"),
    checks: z.array(
      z.strictObject({
        name: z.string().optional().describe("of the check"),
        what: z.string(),
        passed: z.boolean(),
        warns: z.literal(true).optional().describe("it decides nothing, and is to be known"),
      }),
    ),
    notChecked: z.array(z.strictObject({ name: z.string().optional(), what: z.string(), why: z.string() })),
    warnings: z.array(z.string()),
    excluded: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
    sameWeights: z.array(z.strictObject({ chainId: count, registry: account, tokenId: digest })),
  })
  .describe("What model-provenance verify found out");

/** The document that `verify --json` prints. */
export type VerifyDocument = z.infer<typeof verifyDocumentSchema>;

/** The JSON Schema (draft 2020-12) of {@link VerifyDocument}. */
export function verifyReportJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(verifyDocumentSchema);
}

/** Makes a report one JSON document. @param exitCode - of the process that prints it */
export function toVerifyDocument(report: VerifyReport, exitCode: number): VerifyDocument {
  const { verdict, reason, method, filesChecked, filesRecorded, model, batch, ancestry, latest } = report;
  const { registries = report.registry ? [report.registry] : [], otherRecords = [] } = report;
  const place = report.registry ?? (registries.length === 1 ? registries[0] : undefined);
  const document = {
    schemaVersion: "1.0",
    verdict,
    exitCode,
    reason,
    method,
    filesChecked,
    filesRecorded,
    ...(place && describePlace(place)),
    registries: registries.map(({ chainId, ...rest }) => ({ ...rest, chainId: Number(chainId) })),
    model: {
      path: model.path,
      modelDigest: model.modelDigest,
      manifestRoot: model.manifestRoot,
      weightsDigest: model.weightsDigest,
      cid: model.cid,
    },
    cached: model.cached,
    pointers: model.pointers,
    record: report.record && describeRecord(report.record),
    event: report.event,
    batch: batch && {
      root: batch.root,
      creator: batch.creator,
      contentDigest: batch.contentDigest,
      status: batch.status,
    },
    otherRecords: otherRecords.map(describeOther),
    recalls: report.recalls?.map(describeRecall),
    ancestry: ancestry && { ...ancestry, causeId: toHex32(ancestry.causeId) },
    latest: latest && { tokenId: toHex32(latest.tokenId), version: latest.version },
    signed: report.signed,
    publisher: report.publisher,
    agent: report.agent && describeAgent(report.agent),
    policy: report.policy,
    files: report.files,
    proofs: report.proofs,
    checks: report.checks,
    notChecked: report.notChecked,
    warnings: report.warnings,
    excluded: model.excluded,
    sameWeights: report.sameWeights.map(({ registry, tokenId }) => ({
      ...describePlace(registry),
      tokenId: toHex32(tokenId),
    })),
  };
  // JSON knows no undefined: what is not there is not written.
  return document as VerifyDocument;
}

function describePlace({ chainId, address }: RegistryPlace) {
  return { chainId: Number(chainId), registry: address };
}

function describeRecord({ tokenId, parents, ...rest }: RecordedModel) {
  return { tokenId: toHex32(tokenId), ...rest, parents: parents.map(toHex32) };
}

function describeRecall({ place, tokenId, problem: _, ...rest }: Recall) {
  return { ...describePlace(place), tokenId: toHex32(tokenId), ...rest };
}

function describeAgent({ id, owner, name, file, models }: StatedAgent) {
  return { id, owner, name, file, models };
}

function describeOther({ registry, tokenId, ...rest }: OtherRecord) {
  return { ...describePlace(registry), tokenId: toHex32(tokenId), ...rest };
}
