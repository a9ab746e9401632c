import { ProvenanceError } from "../errors.ts";
import type { Hex } from "../hex.ts";
import { type Relation, RELATIONS, parseRelation } from "../relation.ts";
import { parseAddress, parseEther } from "./values.ts";

/** One option: a flag of the command line and its twin in the environment, declared once. */
export interface OptionDeclaration<T> {
  readonly flag: string;
  readonly environment: string;
  readonly description: string;
  /** How the flag is written: with a value, alone, or several times (comma-separated in the environment). */
  readonly kind: "value" | "switch" | "list";
  readonly parse: (text: string, name: string) => T;
}

const MAX_BASIS_POINTS = 1000;

/** Every option of every command. */
export const OPTIONS = {
  modelPath: text("model", "MODEL_PATH", "the model: a file or a folder"),
  datasetPath: text("dataset", "DATASET_PATH", "the training data, a file or a folder; only its digest is recorded"),
  ignorePaths: list("ignore-paths", "IGNORE_PATHS", "relative paths to leave out, comma-separated"),
  withCid: toggle("cid", "WITH_CID", "also compute the CID of the model, in the same pass; mint records it"),
  cachePath: text("cache", "HASH_CACHE", "file with the digests of files hashed before, kept and used by hash"),
  trustCache: toggle("trust-cache", "TRUST_CACHE", "let verify use that file too: what it knows is not read"),
  hfCache: toggle("hf-cache", "HF_CACHE", "follow the links of a Hugging Face cache snapshot to its own blobs"),
  lfsPointers: toggle("lfs-pointers", "LFS_POINTERS", "take digests and sizes from Git LFS pointers, not content"),
  omsBundle: text("oms-bundle", "OMS_BUNDLE", "OMS bundle to record; else the folder's model.sig; none: no bundle"),
  registryAddress: text(
    "contract",
    "MODEL_PROVENANCE_ADDRESS",
    "the registry; else the one that Ignition recorded for the chain",
  ),
  tokenId: text("token", "TOKEN_ID", "the token the model should be: a number, 0x-hex, or the path of a model"),
  only: list("only", "VERIFY_ONLY", "check these files alone, by their recorded names, comma-separated"),
  exportProof: text("export-proof", "EXPORT_PROOF", "where to write the proof of the one file that VERIFY_ONLY names"),
  proofFile: text("proof", "PROOF_FILE", "check one file with this proof alone, without the metadata"),
  manifestRoot: option(
    "manifest-root",
    "MANIFEST_ROOT",
    "with PROOF_FILE: the root to trust, so that nothing is asked of the chain",
    readDigest,
  ),
  fast: option("fast", "VERIFY_FAST", "1: compare the model's CID instead of the digests of its files", readSwitch),
  parents: list(
    "parent-model",
    "PARENT_MODEL",
    "what the model came from: token ids or paths of models, comma-separated",
  ),
  relation: option("relation", "RELATION", `how it came from its parents: ${RELATIONS.join(", ")}`, readRelation),
  baseModels: list(
    "base-models",
    "BASE_MODELS",
    "base models outside the registry, comma-separated URIs, each with its digest behind # if known",
  ),
  name: text("name", "MODEL_NAME", "name of the model"),
  description: text("description", "MODEL_DESCRIPTION", "a sentence or two about it"),
  externalUrl: text("external-url", "EXTERNAL_URL", "a page about it"),
  version: text("model-version", "MODEL_VERSION", "its version, for example 1.2.0"),
  license: text("license", "MODEL_LICENSE", "its licence, an SPDX expression"),
  framework: option(
    "framework",
    "MODEL_FRAMEWORK",
    'framework and version, for example "PyTorch 2.9.0"',
    readFramework,
  ),
  task: text("task", "MODEL_TASK", "what it does, for example text-classification"),
  metrics: option("metrics", "MODEL_METRICS", "measured results, for example accuracy=0.93,f1=0.91", readMetrics),
  datasetCid: text("dataset-cid", "DATASET_CID", "where the training data can be had, as ipfs://…"),
  imagePath: text("image", "IMAGE_PATH", "a picture; else a model card is drawn"),
  royaltyBasisPoints: option(
    "royalty-bps",
    "ROYALTY_BPS",
    "royalty of this token in basis points, at most 1000",
    readBasisPoints,
  ),
  royaltyReceiver: option("royalty-receiver", "ROYALTY_RECEIVER", "who gets it; else the creator", readAddress),
  mintTo: option("to", "MINT_TO", "owner of the token; else the creator", readAddress),
  mintFrom: option("from", "MINT_FROM", "the account that mints, where the network offers several", readAddress),
  claimFile: toggle("claim-file", "CLAIM_FILE", "leave model-provenance.json with the model; on unless 0"),
  store: text("store", "STORE", "where to pin: local"),
  storePath: text("store-path", "STORE_PATH", "folder of the local store; else .model-provenance/store"),
  maxCost: option("max-cost", "MAX_COST", "refuse to spend more than this, in ether", readEther),
  dryRun: toggle("dry-run", "DRY_RUN", "do all but pin and send"),
  yes: toggle("yes", "YES", "do not ask before sending"),
  chainId: option("chain-id", "CHAIN_ID", "the chain that the node must be of", readChainId),
  rpcUrl: option("rpc-url", "RPC_URL", "a JSON-RPC node of the chain", readUrl),
  privateKey: text("private-key", "OMS_PRIVATE_KEY", "file with the EC private key (PEM) that signs"),
  signingCertificate: text(
    "signing-certificate",
    "OMS_SIGNING_CERTIFICATE",
    "file with the certificate of that key (PEM)",
  ),
  certificateChain: list("certificate-chain", "OMS_CERTIFICATE_CHAIN", "files with certificates of authorities (PEM)"),
  signature: text("signature", "OMS_SIGNATURE", "the bundle: where it goes, or where it is"),
  publicKey: text("public-key", "OMS_PUBLIC_KEY", "file with the public key (PEM) that is trusted"),
  trustedRoot: text("trusted-root", "OMS_TRUSTED_ROOT", "file with the trusted root of a Sigstore instance (JSON)"),
  identity: text("identity", "OMS_IDENTITY", "who must have signed: the certificate's subject alternative name"),
  identityProvider: text(
    "identity-provider",
    "OMS_IDENTITY_PROVIDER",
    "who must have vouched for that identity: a URL",
  ),
  ignoreUnsignedFiles: toggle(
    "ignore-unsigned-files",
    "OMS_IGNORE_UNSIGNED_FILES",
    "let files pass that were not signed",
  ),
  allowSymlinks: toggle("allow-symlinks", "OMS_ALLOW_SYMLINKS", "follow symbolic links"),
  childPath: text("child", "CHILD_PATH", "the model that came from another"),
  parentPath: text("parent", "PARENT_PATH", "the model it came from"),
  tensors: toggle("tensors", "TENSORS", "compare tensor by tensor"),
  deployParameters: text(
    "parameters",
    "DEPLOY_PARAMETERS",
    "Ignition parameters; else ignition/parameters/<network>.json",
  ),
  verifySource: toggle("verify", "VERIFY_SOURCE", "verify the source on the explorers after deploying"),
  format: option("format", "OUTPUT_FORMAT", "human or json", readFormat),
} as const;

/** Name of an option. */
export type OptionName = keyof typeof OPTIONS;
/** What an option's text becomes. */
export type OptionValue<Name extends OptionName> = ReturnType<(typeof OPTIONS)[Name]["parse"]>;
/** Values of some options; what was not given is absent. */
export type OptionValues<Name extends OptionName> = { readonly [Key in Name]?: OptionValue<Key> };

/**
 * Reads options from the environment. An empty variable counts as not set.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` with the name and what it takes
 */
export function readEnvironment<Name extends OptionName>(
  names: readonly Name[],
  environment: Readonly<Record<string, string | undefined>>,
): OptionValues<Name> {
  const entries = names.flatMap((name) => {
    const declaration: OptionDeclaration<unknown> = OPTIONS[name];
    const value = environment[declaration.environment]?.trim();
    return value ? [[name, declaration.parse(value, declaration.environment)]] : [];
  });
  return Object.fromEntries(entries) as OptionValues<Name>;
}

/** The value of an option without which a command cannot run. @throws {ProvenanceError} `OPTION_MISSING` */
export function required<Name extends OptionName>(
  values: OptionValues<Name>,
  name: Name,
): NonNullable<OptionValue<Name>> {
  const value = values[name];
  if (value !== undefined && value !== null) return value;
  const { environment, description } = OPTIONS[name];
  throw new ProvenanceError("OPTION_MISSING", `${environment} is not set: ${description}.`);
}

function option<T>(
  flag: string,
  environment: string,
  description: string,
  parse: OptionDeclaration<T>["parse"],
): OptionDeclaration<T> {
  return { flag, environment, description, kind: "value", parse };
}

function text(flag: string, environment: string, description: string): OptionDeclaration<string> {
  return option(flag, environment, description, (value) => value);
}

function list(flag: string, environment: string, description: string): OptionDeclaration<string[]> {
  return { flag, environment, description, kind: "list", parse: splitList };
}

function toggle(flag: string, environment: string, description: string): OptionDeclaration<boolean> {
  return { flag, environment, description, kind: "switch", parse: readSwitch };
}

function splitList(value: string): string[] {
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function readRelation(value: string, name: string): Relation {
  return parseRelation(value) ?? invalid(name, value, `one of ${RELATIONS.join(", ")}`);
}

function readFramework(value: string): { name: string; version?: string } {
  const match = /^(.*\S)\s+v?(\d\S*)$/.exec(value);
  return match === null ? { name: value } : { name: match[1] as string, version: match[2] as string };
}

function readMetrics(value: string, name: string): { name: string; value: number | string }[] {
  return splitList(value).map((part) => {
    const [, metric, result] = /^([^=]+)=(.+)$/.exec(part) ?? invalid(name, part, "name=value, comma-separated");
    const number = Number(result);
    return { name: (metric as string).trim(), value: Number.isFinite(number) ? number : (result as string).trim() };
  });
}

function readBasisPoints(value: string, name: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= MAX_BASIS_POINTS) return number;
  return invalid(name, value, `a whole number from 0 to ${MAX_BASIS_POINTS}: 100 basis points are one per cent`);
}

function readAddress(value: string, name: string): string {
  return parseAddress(value) ?? invalid(name, value, "an address: 0x and 40 hex digits, with a right checksum if any");
}

function readChainId(value: string, name: string): bigint {
  return /^[1-9]\d{0,30}$/.test(value) ? BigInt(value) : invalid(name, value, "a chain id, for example 11155111");
}

function readUrl(value: string, name: string): string {
  if (URL.canParse(value) && /^https?:/.test(value)) return value;
  return invalid(name, "(not shown)", "a URL, https://…");
}

function readEther(value: string, name: string): bigint {
  return parseEther(value) ?? invalid(name, value, "an amount of ether, for example 0.01");
}

function readDigest(value: string, name: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(value)) return value.toLowerCase() as Hex;
  return invalid(name, value, "0x and 64 hex digits");
}

function readSwitch(value: string, name: string): boolean {
  if (/^(1|true|yes|on)$/i.test(value)) return true;
  if (/^(0|false|no|off)$/i.test(value)) return false;
  return invalid(name, value, "1 or 0");
}

function readFormat(value: string, name: string): "human" | "json" {
  return value === "human" || value === "json" ? value : invalid(name, value, "human or json");
}

function invalid(name: string, value: string, takes: string): never {
  throw new ProvenanceError("OPTION_INVALID", `${name} takes ${takes}, got ${JSON.stringify(value)}.`);
}
