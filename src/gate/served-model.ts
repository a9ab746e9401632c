import type { PublisherSources } from "../registry/publishers/publisher-sources.ts";
import type { Registry } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type ModelFile, assertModelUnchanged, walkModel } from "../model/walk.ts";
import type { BlockSource } from "../content/content-store.ts";
import { toVerdictError } from "../verify/conclude.ts";
import type { VerifyReport } from "../verify/report.ts";
import { verifyModel } from "../verify/verify-model.ts";
import { SharedFile } from "./shared-file.ts";

/** A file that is served: what it is, and how it is read. */
export interface ServedFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  readonly shared: SharedFile;
}

/** A model whose files are those of a token. */
export interface ServedModel {
  readonly tokenId: bigint;
  /** By name: what is not in here does not exist, whatever lies on the disk. */
  readonly files: ReadonlyMap<string, ServedFile>;
  readonly report: VerifyReport;
}

/** Input of {@link openServedModel}. */
export interface ServedModelRequest {
  readonly modelPath: string;
  readonly registry: Registry;
  readonly store: BlockSource;
  /** The token the model should be; it is found by the model's digest when left out. */
  readonly tokenId?: bigint;
  /** Who is asked who is behind the creator; nobody when left out. */
  readonly publishers?: PublisherSources;
  readonly ignorePaths?: readonly string[];
  readonly hfCache?: boolean;
  readonly onTotal?: (bytes: number) => void;
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Verifies a model and opens it for serving. Only what was verified is ever served: other files under the folder do not
 * exist for a client, and a file that changes later is refused.
 *
 * @throws {ProvenanceError} `RECORD_CONTRADICTS` where the model is not verified, `TOKEN_UNKNOWN`, `CHAIN_UNREACHABLE` where
 *   that could not be found out, and as `hashModel`
 */
export async function openServedModel(request: ServedModelRequest): Promise<ServedModel> {
  const { ignorePaths = [], hfCache = false } = request;
  const listing = await walkModel(request.modelPath, { ignorePaths, hfCache });
  const report = await verifyModel({ ...request, ignorePaths, hfCache });
  if (report.verdict !== "verified" || report.record === undefined)
    throw toVerdictError(report, " and will not be served");
  if (report.record.owner === undefined) {
    const text = "The model is recorded in a batch and has no token yet, so nobody owns it. Mint its token first.";
    throw new ProvenanceError("TOKEN_UNKNOWN", text);
  }
  await assertModelUnchanged(listing, { ignorePaths, hfCache });
  const digests = new Map(report.files.map(({ actual }) => [actual?.name, actual?.sha256]));
  const files = listing.files.map((file) => serve(file, digests.get(file.name)));
  return { tokenId: report.record.tokenId, files: new Map(files.map((file) => [file.name, file])), report };
}

function serve(file: ModelFile, sha256: string | undefined): ServedFile {
  if (sha256 === undefined) {
    throw new ProvenanceError("RECORD_CONTRADICTS", `${file.name} is not among the files that were verified.`);
  }
  const { name, size } = file;
  return { name, size, sha256, shared: new SharedFile(file) };
}
