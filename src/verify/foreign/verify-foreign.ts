import type { Provider } from "ethers";
import { openerOf } from "../../model/tensors/hashed-source.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { parseUntrustedJson } from "../../metadata/json-limits.ts";
import { METADATA_MAX_BYTES } from "../../metadata/schema.ts";
import { type HashModelOptions, type HashedModel, hashModel } from "../../model/hash-model.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { warningsOf } from "../model-warnings.ts";
import type { FileComparison } from "../compare-resources.ts";
import { conclude } from "../conclude.ts";
import { type Finding, checked, failed, notDone, passed, warns } from "../findings.ts";
import type { Comparison } from "../comparison.ts";
import { skipChecks } from "../pipeline.ts";
import type { VerifyReport } from "../report.ts";
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
  const { findings, ...comparison } =
    token === undefined
      ? nothing(
          failed(
            "absent",
            "the token exists and has a URI",
            `The contract ${contract} has no token ${tokenId} with a URI.`,
          ),
        )
      : await compare(request, model, token);
  const found = [...(await warningsOf(model, openerOf(model))).map((text) => warns(text)), ...findings];
  const draft = {
    method: "foreign",
    model,
    ...(token && { registry: { address: token.contract, chainId: token.chainId } }),
    ...comparison,
    sameWeights: [],
  } as const;
  const named = found.map((finding) => ({ name: "files", what: "the token's metadata", finding }));
  return conclude("foreign", draft, [...named, ...skipChecks("foreign")]);
}

function nothing(finding: Finding): Comparison {
  return { files: [], filesChecked: 0, findings: [finding] };
}

async function compare(request: VerifyForeignRequest, model: HashedModel, token: ForeignToken): Promise<Comparison> {
  let uri: TokenUri;
  let metadata: unknown;
  try {
    uri = readTokenUri(token.uri);
    const bytes = await fetchMetadata(uri, request.store, request);
    metadata = parseUntrustedJson(bytes, METADATA_MAX_BYTES, "The token's metadata");
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    const reason = `The token's metadata could not be read. ${error.message}`;
    const unread = nothing(failed("unknown", "the token's metadata can be read", reason));
    return { ...unread, findings: [...unread.findings, notDone(error.message)] };
  }
  const stated = findStatedHashes(metadata);
  const what = "the token's metadata states a hash";
  if (stated.length === 0) {
    const reason = "The token's metadata states no hash: it does not say which files it is about.";
    return nothing(failed("absent", what, reason));
  }
  const matches = await matchHashes(model, stated, request.hfCache === undefined ? {} : { hfCache: request.hfCache });
  const { files, finding } = coverFiles(model, matches, stated.length);
  return {
    files,
    filesChecked: files.length,
    findings: [
      passed(what),
      ...matches.map(({ stated: hash, by, file }) => passed(`${hash.place} is the ${by} of ${file ?? "the model"}`)),
      ...limitsOf(token, uri).map((text) => warns(text)),
      finding,
    ],
  };
}

/** Which of the files at hand the token covers, and whether that is all of them. */
function coverFiles(
  model: HashedModel,
  matches: readonly HashMatch[],
  stated: number,
): { readonly files: readonly FileComparison[]; readonly finding: Finding } {
  const whole = matches.some(({ file }) => file === undefined);
  const covered = model.resources.filter(({ name }) => whole || matches.some(({ file }) => file === name));
  const files = covered.map((resource) => ({ name: resource.name, status: "ok", actual: resource }) as const);
  if (matches.length === 0) {
    const reason = `None of the ${stated} hashes that the token states is of these files.`;
    return { files, finding: failed("differs", "one of these hashes is of the files at hand", reason) };
  }
  const total = model.resources.length;
  const names = covered.map(({ name }) => name).join(", ");
  const reason = `The token covers only ${covered.length} of ${total} files (${names}): the others may be anything. To accept that, verify that file by itself.`;
  return { files, finding: checked(covered.length === total, "these hashes are of all files", "unknown", reason) };
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
