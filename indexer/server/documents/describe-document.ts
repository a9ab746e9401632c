import type { Metadata } from "../library.ts";

/** What is kept of metadata: what people look for, and not the list of files. */
export interface DocumentSummary {
  readonly name: string;
  readonly summary: Readonly<Record<string, unknown>>;
  /** Texts by how much a word in them says, most first, as PostgreSQL's weights A to D. */
  readonly words: readonly [string, string, string, string];
}

const MAX_TEXT = 16_000;

/** Takes from metadata what is searched and shown. Texts of strangers: bounded, and without what PostgreSQL cannot keep. */
export function describeDocument({ name, description, provenance }: Metadata): DocumentSummary {
  const { modelArchitecture, task, framework, license, version, datasets = [], baseModels = [] } = provenance;
  const named = [...datasets.map((dataset) => dataset.name), ...baseModels.map(({ uri }) => uri)];
  const summary = {
    name: clip(name),
    description: clip(description ?? ""),
    ...(modelArchitecture !== undefined && { modelArchitecture: clip(modelArchitecture) }),
    ...(task !== undefined && { task: clip(task) }),
    ...(framework !== undefined && { framework: clip(`${framework.name} ${framework.version ?? ""}`.trim()) }),
    license: clip(license ?? ""),
    ...(version !== undefined && { version: clip(version) }),
    datasets: datasets.slice(0, 100).map((dataset) => clip(dataset.name)),
    baseModels: baseModels.slice(0, 100).map(({ uri }) => clip(uri)),
  };
  const facts = [modelArchitecture, task, framework?.name, license, version].filter((text) => text !== undefined);
  return {
    name: summary.name,
    summary,
    words: [split(name), split(named.join(" ")), clip(facts.join(" ")), clip(description ?? "")],
  };
}

/** A name is found by its parts as well: `org/some-model_v2` by `model`. */
function split(text: string): string {
  return clip(`${text} ${text.replaceAll(/[^\p{L}\p{N}]+/gu, " ")}`);
}

function clip(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD").slice(0, MAX_TEXT).toWellFormed();
}
