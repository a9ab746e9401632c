import { z } from "zod";
import { sha256, toDigits } from "../base/bytes.ts";
import { ProvenanceError } from "../base/errors.ts";
import { RELATIONS } from "../model/relation.ts";
import type { Resource } from "../model/resource.ts";
import type { Statements } from "./build-provenance.ts";
import { considerationsSchema, fairnessSchema } from "./considerations.ts";
import { parseUntrustedJson } from "./json-limits.ts";
import { combineLicenses } from "./license.ts";
import type { Provenance } from "./schema.ts";

/** What a bill of materials says of a model. */
export interface BomStatements {
  readonly statements: Statements;
  /** Files that it names, with the SHA-256 that it says they have, in hex digits. */
  readonly files: readonly Pick<Resource, "name" | "sha256">[];
  /** What of it is not taken over, a sentence each. */
  readonly leftOut: readonly string[];
}

export const BOM_MAX_BYTES = 64 * 1024 * 1024;
const BOM_MAX_KEYS = 2_000_000;
const MODEL = "machine-learning-model";

// Whoever wrote it, one field that is odd is no reason to know less of the others.
const text = z.string().optional().catch(undefined);
const list = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((values) => values.flatMap((value) => schema.safeParse(value).data ?? []));

const property = z.object({ name: z.string(), value: text });
const reference = z.object({ type: z.string(), url: z.string() });
const hash = z.object({ alg: z.string(), content: z.string() });
const licence = z.union([
  z.object({ expression: z.string() }).transform(({ expression }) => expression),
  z
    .object({ license: z.object({ id: text, name: text }) })
    .transform(({ license }) => license.id ?? license.name ?? ""),
]);
const dataset = z.object({ name: text, contents: z.object({ url: text }).optional().catch(undefined) });
const metric = z.object({ type: z.string(), value: z.union([z.string(), z.number()]), slice: text });
const card = z.object({
  modelParameters: z
    .object({ task: text, modelArchitecture: text, datasets: list(dataset) })
    .partial()
    .optional()
    .catch(undefined),
  quantitativeAnalysis: z
    .object({ performanceMetrics: list(metric) })
    .optional()
    .catch(undefined),
  considerations: z.record(z.string(), z.json()).optional().catch(undefined),
});
const ancestor = z.object({
  name: z.string(),
  purl: text,
  externalReferences: list(reference),
  properties: list(property),
});
const component = z.object({
  type: text,
  name: text,
  version: text,
  description: text,
  licenses: list(licence),
  hashes: list(hash),
  externalReferences: list(reference),
  pedigree: z
    .object({ ancestors: list(ancestor) })
    .optional()
    .catch(undefined),
  modelCard: card.optional().catch(undefined),
});
const bomSchema = z.object({
  bomFormat: z.literal("CycloneDX"),
  serialNumber: text,
  metadata: z.object({ component: component.optional() }).optional().catch(undefined),
  components: list(component),
});

type Component = z.infer<typeof component>;

/**
 * Reads what a CycloneDX ML-BOM says of a model, as a publisher would state it.
 *
 * @throws {ProvenanceError} `METADATA_INVALID` for what is no CycloneDX in JSON or names no model; `METADATA_TOO_LARGE`
 */
export function readBom(bytes: Uint8Array): BomStatements {
  const parsed = bomSchema.safeParse(parseUntrustedJson(bytes, BOM_MAX_BYTES, "The bill of materials", BOM_MAX_KEYS));
  if (!parsed.success) throw invalid("is not CycloneDX in JSON");
  const { metadata, components, serialNumber } = parsed.data;
  const models = [metadata?.component, ...components].filter((one) => one?.type === MODEL);
  const [model] = models;
  if (model === undefined) throw invalid(`names no ${MODEL}`);
  const { bases, leftOut } = readAncestors(model);
  const licenses = combineLicenses(model.licenses.filter((one) => one !== ""));
  const { task, modelArchitecture, datasets = [] } = model.modelCard?.modelParameters ?? {};
  const metrics = model.modelCard?.quantitativeAnalysis?.performanceMetrics ?? [];
  const website = model.externalReferences.find(({ type }) => type === "website")?.url;
  const frameworks = components.filter(({ type, name }) => type === "framework" && name !== undefined);
  const [framework] = frameworks.length === 1 ? frameworks : [];
  const source = { ...(serialNumber !== undefined && { serialNumber }), sha256: toDigits(sha256(bytes)) };
  const statements: Statements = {
    ...defined({ name: model.name, version: model.version, description: model.description, license: licenses }),
    ...defined({ externalUrl: website, task, architecture: modelArchitecture }),
    ...(framework?.name !== undefined && {
      framework: { name: framework.name, ...(framework.version !== undefined && { version: framework.version }) },
    }),
    ...(datasets.length > 0 && { datasets: datasets.flatMap(toDataset) }),
    ...(metrics.length > 0 && { metrics: metrics.map(toMetric) }),
    ...(bases.length > 0 && { baseModels: bases }),
    extensions: { ...readConsiderations(model.modelCard?.considerations), bom: source },
  };
  return { statements, files: components.flatMap(toFile), leftOut };
}

/** Base models by their addresses; what has none cannot be found again. */
function readAncestors({ pedigree }: Component) {
  const bases: NonNullable<Statements["baseModels"]>[number][] = [];
  const leftOut: string[] = [];
  for (const { name, purl, externalReferences, properties } of pedigree?.ancestors ?? []) {
    const said = (key: string) => properties.find((one) => one.name === `model-provenance:${key}`)?.value;
    const uri = readPurl(purl) ?? externalReferences.find(({ type }) => type === "distribution")?.url;
    const relation = RELATIONS.find((one) => one === said("relation"));
    if (said("tokenId") !== undefined) {
      leftOut.push(`${name} is a token, ${said("tokenId")}: name it with PARENT_MODEL and RELATION.`);
    } else if (uri === undefined) {
      leftOut.push(`The ancestor ${name} has no address: BASE_MODELS takes one.`);
    } else bases.push({ uri, ...(relation && { relation }) });
  }
  return { bases, leftOut };
}

/** `pkg:huggingface/owner/name@revision`, as we name models of the Hub. */
function readPurl(purl: string | undefined): string | undefined {
  const match = /^pkg:huggingface\/([^?#]+)/.exec(purl ?? "");
  return match === null ? undefined : `hf://${decodeURI(match[1] as string)}`;
}

function readConsiderations(considerations: Readonly<Record<string, unknown>> = {}): Provenance["extensions"] {
  const { fairnessAssessments, environmentalConsiderations, ...rest } = considerations;
  const stated = considerationsSchema.safeParse(rest).data;
  const fairness = fairnessSchema.safeParse(fairnessAssessments).data;
  return {
    ...(stated !== undefined && Object.keys(stated).length > 0 && { considerations: toJson(stated) }),
    ...(fairness !== undefined && { fairness: toJson(fairness) }),
    ...(environmentalConsiderations !== undefined && { energy: toJson(environmentalConsiderations) }),
  };
}

function toJson(value: unknown): z.infer<ReturnType<typeof z.json>> {
  return JSON.parse(JSON.stringify(value)) as z.infer<ReturnType<typeof z.json>>;
}

function toDataset({ name, contents }: z.infer<typeof dataset>): NonNullable<Provenance["datasets"]> {
  const uri = contents?.url;
  if (name === undefined && uri === undefined) return [];
  return [{ name: name ?? (uri as string), ...(uri !== undefined && { uri }) }];
}

function toMetric({ type, value, slice }: z.infer<typeof metric>) {
  const number = typeof value === "number" ? value : value.trim() === "" ? NaN : Number(value);
  return { name: type, value: Number.isFinite(number) ? number : value, ...(slice !== undefined && { split: slice }) };
}

function toFile({ type, name, hashes }: Component): BomStatements["files"] {
  const digest = hashes.find(({ alg }) => alg === "SHA-256")?.content;
  return type === "file" && name !== undefined && digest !== undefined ? [{ name, sha256: digest.toLowerCase() }] : [];
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(entries) as Defined<T>;
}

function invalid(fault: string): ProvenanceError {
  return new ProvenanceError("METADATA_INVALID", `The bill of materials ${fault}.`);
}
