import {
  type BuiltMetadata,
  type Metadata,
  ProvenanceError,
  type Registry,
  buildMetadata,
  linkModel,
  toPinnableFile,
  toSubmission,
} from "model-provenance-nft/core";
import type { Draft } from "../../adapters/kept-drafts.ts";
import { findDraftFile } from "../../adapters/kept-files.ts";
import { type FieldName, type FieldNotes, readForm } from "./form.ts";
import { STRINGS } from "../../strings.ts";

type Signer = Parameters<typeof buildMetadata>[0]["signer"];

/** What is said of a model, and what goes with it. */
export type Said = Pick<Draft, "id" | "read" | "form" | "picture">;

/** Where a model is to be recorded, and by whom. */
export interface RecordingPlace extends Pick<Registry, "address" | "chainId"> {
  readonly creator: string;
}

/** What would be recorded, or why nothing can be. */
export interface Described {
  /** As a preview: its signature has the length of a real one and is nobody's, which minting refuses. */
  readonly built?: BuiltMetadata;
  /** Beside the fields that they are about: what is wrong, and what contradicts what was read. */
  readonly faults: FieldNotes;
  readonly warnings: FieldNotes;
  /** What is about no single field. */
  readonly notes: readonly string[];
  /** Why nothing can be recorded. */
  readonly fault?: string;
}

// Size and gas are those of the metadata that will be signed; {@link sign} makes these.
const UNSIGNED = `0x${"00".repeat(65)}`;
// A statement that has a field of another name has none of its own here.
const FIELDS: ReadonlySet<string> = new Set(Object.keys(STRINGS.publish.fields));

/** Builds the metadata that the form states, with the command's own code. Nothing leaves this page. */
export async function describe(said: Said, place: RecordingPlace): Promise<Described> {
  const { creator } = place;
  const { form, read } = said;
  const { statements, faults } = readForm(form, read, creator);
  const warnings: Partial<Record<FieldName, string[]>> = {};
  const notes: string[] = [];
  const warn = (text: string, about?: string) => {
    if (about === undefined || !FIELDS.has(about)) notes.push(withoutOptions(text));
    else (warnings[about as FieldName] ??= []).push(withoutOptions(text));
  };
  if (Object.keys(faults).length > 0) return { faults, warnings, notes };
  const unsigned = {
    getAddress: async () => Promise.resolve(creator),
    signTypedData: async () => Promise.resolve(UNSIGNED),
  };
  try {
    const input = { ...(await inputOf(said, place)), statements, signer: unsigned as unknown as Signer, warn };
    const built = await buildMetadata(input);
    toSubmission(built.metadata.provenance, built.metadataDigest, (text) => warn(text, "metrics"));
    return { built, faults, warnings, notes };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return { faults, warnings, notes, fault: withoutOptions(error.message) };
  }
}

/**
 * Builds and signs the metadata: the wallet is asked, unless it signed the same before.
 *
 * @throws {ProvenanceError} `SIGNATURE_REFUSED`, as `buildMetadata`
 */
export async function sign(
  said: Said,
  place: RecordingPlace,
  signer: Signer,
  signedBefore?: Metadata,
): Promise<BuiltMetadata> {
  const { statements } = readForm(said.form, said.read, place.creator);
  const input = { ...(await inputOf(said, place)), statements, signer, warn: () => undefined };
  return buildMetadata({ ...input, ...(signedBefore && { signedBefore }) });
}

async function inputOf({ id, read, picture }: Said, { address, chainId, creator }: RecordingPlace) {
  const { model, facts } = read;
  const linked = linkModel(model);
  const image = picture && (await findDraftFile(id, "picture"));
  const bundle = read.oms && (await findDraftFile(id, "bundle"));
  if (read.oms !== undefined && bundle === undefined) {
    throw new ProvenanceError("MODEL_INCOMPLETE", STRINGS.publish.bundleLost);
  }
  return {
    model,
    facts,
    account: { creator, chainId, registry: address },
    ...(image && { image }),
    contents: { ...(linked && { model: linked.model }), ...(read.oms && { oms: read.oms }) },
    attachments: [...(linked ? [linked.links] : []), ...(bundle ? [await toPinnableFile(bundle)] : [])],
  };
}

/** What is said for the command names its options behind the sentence: here there are fields. */
export function withoutOptions(text: string): string {
  return text
    .replaceAll(/ \((?=[A-Z]+_?[A-Z]+\b)[^)]*\)/g, "")
    .replace(/ Correct it in the options or the card\.$/, "");
}
