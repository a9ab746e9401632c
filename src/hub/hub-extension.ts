import { z } from "zod";
import type { Metadata } from "../metadata/schema.ts";
import type { InspectedModel } from "./inspect-model.ts";

/** The key under `provenance.extensions` of what was read from the Hub. */
export const HUB_EXTENSION = "huggingFace";

const text = (max: number) => z.string().max(max);

const hubExtensionSchema = z.object({
  /** `owner/name`. */
  repository: text(256),
  /** The commit that was read. */
  revision: z.string().regex(/^[0-9a-f]{40}$/),
  author: text(256).optional(),
  architecture: text(256).optional(),
  vocabularySize: z.int().nonnegative().optional(),
  /** `config` where no file of the tokenizer says it. */
  vocabularySizeFrom: z.enum(["tokenizer", "config"]).optional(),
  specialTokens: z.record(text(256), z.union([text(256), z.array(text(256))])).optional(),
  category: text(256),
  task: text(256).optional(),
  modality: text(64).optional(),
  lastModified: text(64).optional(),
  library: text(256).optional(),
  /** Where the digests of large files are from: what Git LFS says, or their content, which was fetched. */
  contents: z.enum(["git-lfs", "downloaded"]),
});

/** What the Hub says of a model, as the metadata holds it. */
export type HubExtension = z.infer<typeof hubExtensionSchema>;

/** Says for the metadata what was found of a model of the Hub. */
export function toHubExtension({ info, facts }: InspectedModel, contents: HubExtension["contents"]): HubExtension {
  const { architecture, vocabularySize, vocabularySizeFrom, specialTokens } = facts;
  const { category, task, modality, lastModified, library } = facts;
  return hubExtensionSchema.parse({
    repository: info.id,
    revision: info.revision,
    author: info.author,
    architecture,
    vocabularySize,
    vocabularySizeFrom,
    specialTokens,
    category,
    task,
    modality,
    lastModified,
    library,
    contents,
  });
}

/** Reads from a metadata JSON what the Hub said; undefined where it is of no model of the Hub, or in another form. */
export function readHubExtension(metadata: Metadata): HubExtension | undefined {
  return hubExtensionSchema.safeParse(metadata.provenance.extensions?.[HUB_EXTENSION]).data;
}
