import { toUtf8 } from "../base/bytes.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, ZERO_DIGEST, toHex32 } from "../base/hex.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { Relation } from "../model/relation.ts";
import { LICENSE_MAX_BYTES, normalizeLicense } from "./license.ts";
import type { ModelFacts } from "./model-facts.ts";
import type { PublisherStatement } from "./publisher-statement.ts";
import { type Contributor, type ManifestEntry, type Provenance, provenanceSchema } from "./schema.ts";

/** What a publisher says of a model. It wins over what was read from the model; a contradiction is a warning. */
export interface Statements {
  readonly name?: string;
  readonly description?: string;
  readonly externalUrl?: string;
  readonly task?: string;
  readonly architecture?: string;
  /** As people write it; becomes an SPDX expression. */
  readonly license?: string;
  readonly version?: string;
  readonly framework?: { name: string; version?: string };
  readonly metrics?: NonNullable<Provenance["metrics"]>;
  readonly datasets?: NonNullable<Provenance["datasets"]>;
  readonly datasetDigest?: Hex;
  readonly datasetCid?: string;
  readonly relation?: Relation;
  /** Token ids in the registry that will hold the token. */
  readonly parents?: readonly bigint[];
  /** Relations to single parents, where they are not `relation`. */
  readonly parentRelations?: ReadonlyMap<bigint, Relation>;
  /** A relation here goes before `relation`, which is that of all others. */
  readonly baseModels?: readonly { uri: string; digest?: Hex; relation?: Relation }[];
  readonly royalty?: { receiver: string; basisPoints: number };
  /** The did:web that the creator's account is of. */
  readonly publisher?: string;
  /** Who had a part in the model; shares sum to 10 000. */
  readonly contributors?: readonly Contributor[];
  /** What has no key of its own. */
  readonly extensions?: NonNullable<Provenance["extensions"]>;
}

/** Content that a provenance names by its CID: the model itself, and its OMS bundle. */
export type ContentLinks = Pick<Provenance, "model" | "oms">;

/** Who records a model and where: known before it is signed. */
export interface RecordingAccount {
  readonly creator: string;
  readonly chainId: bigint;
  readonly registry: string;
  /** That the account is a publisher's, in its own words. */
  readonly publisher?: PublisherStatement | undefined;
}

/**
 * Joins the manifest, what was read and what was stated into the `provenance` that the creator signs.
 *
 * @param warn - called with one sentence for each contradiction and each thing left out
 * @throws {ProvenanceError} `OPTION_INVALID` or `OPTION_MISSING` for statements that cannot be recorded
 */
export function buildProvenance(
  model: HashedModel,
  manifest: ManifestEntry,
  facts: ModelFacts,
  statements: Statements & ContentLinks,
  account: RecordingAccount,
  warn: (text: string) => void,
): Provenance {
  const registry = `eip155:${account.chainId}:${account.registry}`;
  const relation = chooseRelation(facts, statements, warn);
  const parents = statements.parents?.map((id) => {
    return { tokenId: toHex32(id), relation: statements.parentRelations?.get(id) ?? relation, registry };
  });
  const baseModels = chooseBaseModels(facts, statements, relation, warn);
  const provenance = {
    schemaVersion: "1.0",
    modelDigest: model.modelDigest,
    manifestRoot: model.manifestRoot,
    weightsDigest: model.weightsDigest === ZERO_DIGEST ? undefined : model.weightsDigest,
    weightsHash: facts.weightsHash,
    weights: describeWeights(model),
    configHash: facts.configHash,
    manifest,
    modelArchitecture: choose("architecture", statements.architecture, facts.architecture, warn),
    task: choose("task", statements.task, facts.task, warn),
    framework: chooseFramework(statements, facts, warn),
    parameters: facts.parameters,
    tensors: facts.tensors && { root: facts.tensors.root, count: facts.tensors.tensors.length },
    datasetCid: statements.datasetCid,
    datasetDigest: statements.datasetDigest,
    datasets: chooseDatasets(statements, facts, warn),
    trainingConfig: facts.trainingConfig,
    metrics: chooseMetrics(statements, facts, warn),
    license: chooseLicense(statements, facts, warn),
    version: choose("version", statements.version, facts.version, warn),
    parents: parents?.length ? parents : undefined,
    baseModels: baseModels.length > 0 ? baseModels : undefined,
    model: statements.model,
    oms: statements.oms,
    royalty: statements.royalty,
    creator: `did:pkh:eip155:${account.chainId}:${account.creator}`,
    publisher: account.publisher,
    contributors: statements.contributors,
    extensions: extend(facts, statements),
  };
  const parsed = provenanceSchema.safeParse(JSON.parse(JSON.stringify(provenance)));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
  throw new ProvenanceError(
    "OPTION_INVALID",
    `provenance.${path.join(".")} ${message}. Correct it in the options or the card.`,
  );
}

// The metadata are one block: of very many names those of the manifest are enough.
const MAX_WEIGHT_NAMES_BYTES = 64 * 1024;

/** Which files the weights digest is over. */
function describeWeights({ weights: { files, rule } }: HashedModel): Provenance["weights"] {
  if (files.length === 0) return undefined;
  return { ...(toUtf8(JSON.stringify(files)).length <= MAX_WEIGHT_NAMES_BYTES && { files: [...files] }), rule };
}

// The names stand in the manifest as well; these are for who reads the metadata alone.
const MAX_UNSAFE_NAMED = 100;

/** What was read, or stated, and has no core key: the schema of those is closed. */
function extend({ unsafeSerialization: names = [] }: ModelFacts, { extensions }: Statements): Provenance["extensions"] {
  if (names.length === 0) return extensions;
  return { ...extensions, unsafeSerialization: { count: names.length, files: names.slice(0, MAX_UNSAFE_NAMED) } };
}

// What most models that name a base model are.
const DEFAULT_RELATION: Relation = "fine-tune";

function chooseRelation(facts: ModelFacts, statements: Statements, warn: (text: string) => void): Relation {
  const hasParents = (statements.parents?.length ?? 0) > 0;
  const hasOrigin = hasParents || (statements.baseModels ?? facts.baseModels ?? []).length > 0;
  const read = new Set(facts.baseModels?.map((base) => base.relation));
  // Model cards have no word for "version": it contradicts none of theirs. Several relations are those of single models.
  const isRead = read.size === 1 && statements.relation !== "version";
  const relation = choose("relation", statements.relation, isRead ? [...read][0] : undefined, warn);
  if (!hasOrigin) {
    if (statements.relation !== undefined && statements.relation !== "base") {
      throw new ProvenanceError(
        "OPTION_MISSING",
        `The relation ${statements.relation} needs PARENT_MODEL or BASE_MODELS: of what?`,
      );
    }
    return "base";
  }
  if (relation === "base") {
    throw new ProvenanceError(
      "OPTION_INVALID",
      "The relation base has no parent: leave out PARENT_MODEL, or say another RELATION.",
    );
  }
  if (relation === "version" && !hasParents) {
    throw new ProvenanceError(
      "OPTION_MISSING",
      "The relation version needs PARENT_MODEL: the version before, in this registry.",
    );
  }
  if (relation !== undefined) return relation;
  if (hasParents) {
    throw new ProvenanceError(
      "OPTION_MISSING",
      "PARENT_MODEL needs RELATION: version, fine-tune, adapter, quantized, merge, distilled or converted.",
    );
  }
  if (read.has(undefined) || statements.baseModels !== undefined) {
    warn("The model card names a base model but no relation; it is recorded as fine-tune (RELATION says otherwise).");
  }
  return DEFAULT_RELATION;
}

/** A stated parent says where the model came from; the card's base models then add nothing that can be checked. */
function chooseBaseModels(
  facts: ModelFacts,
  statements: Statements,
  relation: Relation,
  warn: (text: string) => void,
): NonNullable<Provenance["baseModels"]> {
  const read = facts.baseModels ?? [];
  if (statements.baseModels !== undefined) {
    const stated = statements.baseModels.map(({ uri }) => uri);
    const names = read.map(({ uri }) => uri);
    if (names.length > 0) choose("list of base models", stated.join(", "), names.join(", "), warn);
    return statements.baseModels.map((base) => ({ relation, ...base }));
  }
  if (statements.parents?.length) return [];
  return read.map((base) => ({ uri: base.uri, relation: statements.relation ?? base.relation ?? DEFAULT_RELATION }));
}

function chooseMetrics({ metrics }: Statements, facts: ModelFacts, warn: (text: string) => void) {
  for (const { name, value } of metrics ?? []) {
    const read = facts.metrics?.filter((metric) => metric.name === name).map((metric) => String(metric.value)) ?? [];
    if (read.length > 0 && !read.includes(String(value)))
      choose(`metric ${name}`, String(value), read.join(", "), warn);
  }
  return metrics ?? facts.metrics;
}

function chooseDatasets({ datasets }: Statements, facts: ModelFacts, warn: (text: string) => void) {
  const namesOf = (list: readonly { name: string }[] | undefined) =>
    list?.map(({ name }) => name).join(", ") || undefined;
  choose("list of data sets", namesOf(datasets), namesOf(facts.datasets), warn);
  return datasets ?? facts.datasets;
}

function chooseFramework(statements: Statements, facts: ModelFacts, warn: (text: string) => void) {
  choose("framework", statements.framework?.name, facts.framework?.name, warn);
  return statements.framework ?? facts.framework;
}

function chooseLicense(statements: Statements, facts: ModelFacts, warn: (text: string) => void): string | undefined {
  const stated = normalizeLicense(statements.license ?? "");
  const read = normalizeLicense(facts.license ?? "");
  if (stated === undefined && read !== undefined && toUtf8(read).length > LICENSE_MAX_BYTES) {
    warn(`The licence of the model card is too long to be recorded: ${read}. MODEL_LICENSE gives a shorter name.`);
    return undefined;
  }
  const license = choose("licence", stated, read, warn);
  if (license === undefined) {
    warn("No licence was stated or found in the model card; the record will have none (MODEL_LICENSE gives one).");
  } else if (toUtf8(license).length > LICENSE_MAX_BYTES) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `The licence ${license} has more than ${LICENSE_MAX_BYTES} bytes. Name it by a LicenseRef-….`,
    );
  }
  return license;
}

function choose<T extends string>(
  what: string,
  stated: T | undefined,
  read: T | undefined,
  warn: (text: string) => void,
) {
  if (stated !== undefined && read !== undefined && stated !== read) {
    warn(`The ${what} stated is ${stated}, the model itself says ${read}; the statement is recorded.`);
  }
  return stated ?? read;
}
