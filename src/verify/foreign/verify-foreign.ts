import type { Provider } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { parseUntrustedJson } from "../../metadata/json-limits.ts";
import { METADATA_MAX_BYTES } from "../../metadata/schema.ts";
import { type HashModelOptions, type HashedModel, hashModel } from "../../model/hash-model.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { warningsOf } from "../model-warnings.ts";
import { Findings, type RegistryPlace, type VerifyReport } from "../report.ts";
import { type FetchMetadataOptions, fetchMetadata } from "./fetch-metadata.ts";
import { findStatedHashes } from "./find-hashes.ts";
import { type ForeignToken, readForeignToken } from "./foreign-token.ts";
import { type HashMatch, matchHashes } from "./match-hashes.ts";
import { type TokenUri, readTokenUri } from "./token-uri.ts";

/** Input of {@link verifyForeign}. */
export interface VerifyForeignRequest
  extends FetchMetadataOptions, Pick<HashModelOptions, "ignorePaths" | "hfCache" | "onTotal" | "onBytes"> {
  readonly modelPath: string;
  readonly provider: Provider;
  /** Of a contract that is not ours. */
  readonly contract: string;
  readonly tokenId: bigint;
  /** Where content addressed metadata is read. */
  readonly store: BlockSource;
}

/**
 * Compares a model with what a token of somebody else's contract says of it: any hash in its metadata, in whatever form. Such a
 * record proves less than one of ours, and the report says what.
 *
 * @throws {ProvenanceError} as {@link readForeignToken} and {@link hashModel}
 */
export async function verifyForeign(request: VerifyForeignRequest): Promise<VerifyReport> {
  const { modelPath, provider, contract, tokenId, ignorePaths, hfCache, onTotal, onBytes } = request;
  const token = await readForeignToken(provider, contract, tokenId);
  const model = await hashModel(modelPath, {
    ...(ignorePaths && { ignorePaths }),
    ...(hfCache && { hfCache }),
    ...(onTotal && { onTotal }),
    ...(onBytes && { onBytes }),
  });
  const findings = new Findings();
  if (token === undefined) {
    findings.check("the token exists and has a URI", false);
    const reason = `The contract ${contract} has no token ${tokenId} with a URI.`;
    return { ...(await describe(model, findings)), verdict: "not-registered", reason };
  }
  const place: RegistryPlace = { address: token.contract, chainId: token.chainId };
  const report = { ...(await describe(model, findings)), registry: place };
  return { ...report, ...(await compare(request, model, token, findings)) };
}

type Conclusion = Pick<VerifyReport, "verdict" | "reason" | "files" | "filesChecked">;

async function compare(
  request: VerifyForeignRequest,
  model: HashedModel,
  token: ForeignToken,
  findings: Findings,
): Promise<Conclusion> {
  const nothing = { files: [], filesChecked: 0 };
  let uri: TokenUri;
  let metadata: unknown;
  try {
    uri = readTokenUri(token.uri);
    const bytes = await fetchMetadata(uri, request.store, request);
    metadata = parseUntrustedJson(bytes, METADATA_MAX_BYTES, "The token's metadata");
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    findings.skip("the token's metadata", error.message);
    return { ...nothing, verdict: "unchecked", reason: `The token's metadata could not be read. ${error.message}` };
  }
  const stated = findStatedHashes(metadata);
  if (!findings.check("the token's metadata states a hash", stated.length > 0)) {
    const reason = "The token's metadata states no hash: it does not say which files it is about.";
    return { ...nothing, verdict: "not-registered", reason };
  }
  const matches = await matchHashes(model, stated, request.hfCache === undefined ? {} : { hfCache: request.hfCache });
  for (const { stated: hash, by, file } of matches) {
    findings.check(`${hash.place} is the ${by} of ${file ?? "the model"}`, true);
  }
  findings.warnings.push(...limitsOf(token, uri));
  return conclude(model, matches, stated.length, findings);
}

function conclude(model: HashedModel, matches: readonly HashMatch[], stated: number, findings: Findings): Conclusion {
  const whole = matches.some(({ file }) => file === undefined);
  const covered = model.resources.filter(({ name }) => whole || matches.some(({ file }) => file === name));
  const files = covered.map((resource) => ({ name: resource.name, status: "ok", actual: resource }) as const);
  const counted = { files, filesChecked: covered.length };
  if (matches.length === 0) {
    findings.check("one of these hashes is of the files at hand", false);
    const reason = `None of the ${stated} hashes that the token states is of these files.`;
    return { ...counted, verdict: "mismatch", reason };
  }
  const total = model.resources.length;
  if (covered.length < total) {
    const names = covered.map(({ name }) => name).join(", ");
    const reason = `The token covers only ${covered.length} of ${total} files (${names}): the others may be anything. To accept that, verify that file by itself.`;
    return { ...counted, verdict: "unchecked", reason };
  }
  const what = total === 1 ? "this file" : "all files";
  const reason = `A token of a contract that is not a ModelProvenanceNFT states a hash of ${what}. What that does not prove is said in the warnings.`;
  return { ...counted, verdict: "verified", reason };
}

/** What such a record does not prove, in plain words. */
function limitsOf({ contract, owner }: ForeignToken, uri: TokenUri): string[] {
  const where =
    uri.kind === "web"
      ? `The metadata is what ${uri.url.host} answers${uri.arweave ? " for Arweave, unchecked" : ""}: whoever runs it can answer something else tomorrow, and to others today.`
      : "The metadata is bound to the URI that the contract answers now; whether the contract lets somebody change that URI was not looked at.";
  const who = owner === undefined ? "nobody the contract names" : owner;
  return [
    `The code of ${contract} was not checked: it may answer anything, and nothing says who made the record or when.`,
    where,
    `The token is owned by ${who}; that is not who made the model.`,
    "No signature, no file names, no licence and no recall were checked: such a record has none that could be.",
  ];
}

async function describe(model: HashedModel, findings: Findings) {
  const lists = findings.lists();
  lists.warnings.push(...(await warningsOf(model)));
  const base = { method: "foreign", filesChecked: 0, model, files: [], sameWeights: [] } as const;
  return { ...base, ...lists };
}
