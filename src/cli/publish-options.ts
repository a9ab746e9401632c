import { ProvenanceError } from "../base/errors.ts";
import type { BuiltMetadata } from "../metadata/build-metadata.ts";
import type { Statements } from "../metadata/build-provenance.ts";
import { parseBaseModel } from "../metadata/read-statements.ts";
import type { PublishRequest } from "../publish/prepare-model.ts";
import { type OptionValues, required } from "./options.ts";
import type { OutputFormat } from "./options/output.ts";
import type { RECORD_OPTIONS } from "./option-sets.ts";
import { describeCost } from "./plan.ts";
import type { TransactionCost } from "../publish/sending/transaction-cost.ts";
import type { Terminal } from "./terminal.ts";

/** Turns options into the request of the library. */
export function toPublishRequest(
  options: OptionValues<(typeof RECORD_OPTIONS)[number] | "modelPath">,
  creator: string,
): PublishRequest {
  const { datasetPath, ignorePaths, hfCache, parents, imagePath, contributorsPath, bomPath, withModel, omsBundle } =
    options;
  const withCid = withModel ? true : options.withCid;
  const { baseModels, royaltyBasisPoints, royaltyReceiver } = options;
  const { relation, name, description, externalUrl, version, license, framework, task, metrics, datasetCid } = options;
  const { publisher } = options;
  if (royaltyReceiver !== undefined && royaltyBasisPoints === undefined) {
    throw new ProvenanceError("OPTION_MISSING", "ROYALTY_RECEIVER needs ROYALTY_BPS: how much of the sale price?");
  }
  const statements: Statements = {
    ...pickDefined({
      relation,
      name,
      description,
      externalUrl,
      version,
      license,
      framework,
      task,
      metrics,
      datasetCid,
      publisher,
    }),
    ...(baseModels && { baseModels: baseModels.map(parseBaseModel) }),
    ...(royaltyBasisPoints !== undefined && {
      royalty: { receiver: royaltyReceiver ?? creator, basisPoints: royaltyBasisPoints },
    }),
  };
  return {
    modelPath: required(options, "modelPath"),
    statements,
    ...pickDefined({
      datasetPath,
      ignorePaths,
      hfCache,
      parents,
      imagePath,
      contributorsPath,
      bomPath,
      withCid,
      withModel,
      omsBundle,
    }),
  };
}

/** Prints what would be pinned: the exact bytes, or in JSON a document that holds them parsed, and what minting would cost. */
export function printDryRun(
  built: BuiltMetadata,
  format: OutputFormat | undefined,
  terminal: Terminal,
  cost?: TransactionCost,
): void {
  const { metadata, metadataDigest, uri } = built;
  if (format === "json") {
    const { modelDigest } = metadata.provenance;
    const document = { schemaVersion: "1.0", dryRun: true, modelDigest, metadataDigest, uri };
    terminal.print(JSON.stringify({ ...document, ...(cost && { cost: describeCost(cost) }), metadata }, null, 2));
  } else terminal.print(Buffer.from(built.block.bytes).toString("utf8"));
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function pickDefined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
