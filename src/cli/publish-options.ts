import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import type { BuiltMetadata } from "../metadata/build-metadata.ts";
import type { Statements } from "../metadata/build-provenance.ts";
import type { PublishRequest } from "../publish/prepare-model.ts";
import { type OptionValues, required } from "./options.ts";
import type { OutputFormat } from "./options/output.ts";
import { PINNING_OPTIONS } from "./options/pinning.ts";
import type { Terminal } from "./terminal.ts";

/** Options that say what is recorded of a model: those of `pin` and `mint`. */
export const PUBLISH_OPTIONS = [
  "modelPath",
  "datasetPath",
  "datasetCid",
  "ignorePaths",
  "hfCache",
  "withCid",
  "withModel",
  "omsBundle",
  "parents",
  "relation",
  "baseModels",
  "name",
  "description",
  "externalUrl",
  "version",
  "license",
  "framework",
  "task",
  "metrics",
  "imagePath",
  "royaltyBasisPoints",
  "royaltyReceiver",
] as const;

/** Options of `pin`, but for those that say where the chain is. */
export const PIN_OPTIONS = [
  ...PUBLISH_OPTIONS,
  "registryAddress",
  "mintFrom",
  ...PINNING_OPTIONS,
  "dryRun",
  "yes",
  "format",
] as const;

/** Options of `mint` and `publish`, but for those that say where the chain is; Pinata's gateway is among those of stores. */
export const MINT_OPTIONS = [
  ...PUBLISH_OPTIONS,
  "registryAddress",
  "mintTo",
  "mintFrom",
  "claimFile",
  ...PINNING_OPTIONS,
  "gateways",
  "offline",
  "statePath",
  "confirmations",
  "waitSeconds",
  "maxFee",
  "maxCost",
  "dryRun",
  "yes",
  "format",
] as const;

/** Options of publishing many models at once. */
export const BATCH_OPTIONS = ["batchPath", "concurrency"] as const;

/** Options of the command line that say where the chain is and who signs; under Hardhat its network does. */
export const SENDER_OPTIONS = ["chainId", "rpcUrl", "rpcTimeout", "keystorePath", "keystorePasswordFile"] as const;

/** Turns options into the request of the library. */
export function toPublishRequest(
  options: OptionValues<(typeof PUBLISH_OPTIONS)[number]>,
  creator: string,
): PublishRequest {
  const { datasetPath, ignorePaths, hfCache, parents, imagePath, withModel, omsBundle } = options;
  const withCid = withModel ? true : options.withCid;
  const { baseModels, royaltyBasisPoints, royaltyReceiver } = options;
  const { relation, name, description, externalUrl, version, license, framework, task, metrics, datasetCid } = options;
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
    }),
    ...(baseModels && { baseModels: baseModels.map(readBaseModel) }),
    ...(royaltyBasisPoints !== undefined && {
      royalty: { receiver: royaltyReceiver ?? creator, basisPoints: royaltyBasisPoints },
    }),
  };
  return {
    modelPath: required(options, "modelPath"),
    statements,
    ...pickDefined({ datasetPath, ignorePaths, hfCache, parents, imagePath, withCid, withModel, omsBundle }),
  };
}

/** Prints what would be pinned: the exact bytes, or in JSON a document that holds them parsed. */
export function printDryRun(built: BuiltMetadata, format: OutputFormat | undefined, terminal: Terminal): void {
  const { metadata, metadataDigest, uri } = built;
  if (format === "json") {
    const { modelDigest } = metadata.provenance;
    const document = { schemaVersion: "1.0", dryRun: true, modelDigest, metadataDigest, uri, metadata };
    terminal.print(JSON.stringify(document, null, 2));
  } else terminal.print(Buffer.from(built.block.bytes).toString("utf8"));
}

/** A base model is a URI, with its modelDigest behind `#` where it is known. */
function readBaseModel(text: string): { uri: string; digest?: Hex } {
  const match = /^(.*)#(0x[0-9a-fA-F]{64})$/.exec(text);
  return match === null
    ? { uri: text }
    : { uri: match[1] as string, digest: (match[2] as string).toLowerCase() as Hex };
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function pickDefined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
