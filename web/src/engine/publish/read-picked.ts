import {
  type HashedModel,
  type ModelFacts,
  ProvenanceError,
  assembleTensors,
  collectFacts,
  computeModelCid,
  describeFormats,
  describeInvalidHeader,
  describeUnsafe,
  planTensors,
} from "model-provenance-nft/core";
import { sourceOf } from "../../adapters/file-source.ts";
import type { HashFilesOptions } from "../../adapters/hashing/hash-files.ts";
import type { PickedFile } from "../../adapters/picked-files.ts";
import { STRINGS } from "../../strings.ts";
import { type ListedModel, bytesOf, hashListed } from "../hash-model.ts";

/** A model that was hashed, and what it says of itself: plain data without a byte of the files, so that it can be kept. */
export interface ReadModel {
  readonly model: HashedModel;
  readonly facts: ModelFacts;
  /** What could not be read, and what a publisher should know: a sentence each. */
  readonly notes: readonly string[];
}

/** Options of {@link readPicked}. */
export interface ReadPickedOptions extends HashFilesOptions {
  /** Also compute the CID of the model, in the same pass. */
  readonly withCid?: boolean;
}

/**
 * Hashes what was listed with its tensors, in one pass, and reads card, configuration and headers, as the command does.
 *
 * @throws {ProvenanceError} as `hashListed`; Git LFS pointers are refused: only content is recorded
 */
export async function readPicked(
  listed: ListedModel,
  isThere: (name: string) => boolean,
  { withCid = false, ...options }: ReadPickedOptions = {},
): Promise<ReadModel> {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const onInvalid = (error: ProvenanceError) => note(describeInvalidHeader(error));
  const description = await describeFormats(listed.files.map(sourceOf), { onInvalid });
  const plan = planTensors(description);
  const pieces = new Map(Array.from(plan?.files ?? [], ([name, inFile]) => [name, inFile.pieces]));
  const hashed = await hashListed(listed, isThere, {
    ...options,
    pieces,
    withLeaves: withCid,
    lfsPointers: "refuse",
  });
  const { pieceDigests = new Map<string, Uint8Array>(), ...rest } = hashed;
  const model = withCid ? withModelCid(rest) : rest;
  if (pieceDigests.size < pieces.size) throw new ProvenanceError("MODEL_CHANGED", STRINGS.publish.changed);
  const tensors = plan && assembleTensors(plan, pieceDigests);
  const byName = new Map(listed.files.map((one) => [one.name, one]));
  const headers = { description, ...(tensors && { tensors }) };
  const facts = await collectFacts(model, headers, async ({ name }) => bytesOf(byName.get(name) as PickedFile), note);
  const unsafe = describeUnsafe(description.unsafeSerialization);
  if (unsafe !== undefined) note(unsafe);
  if (model.excluded.some(({ reason }) => reason === "OMS bundle")) note(STRINGS.publish.bundleLeftOut);
  return { model, facts, notes: [...model.warnings, ...notes] };
}

function withModelCid(model: HashedModel): HashedModel {
  const { kind, resources, leafDigests = [] } = model;
  const withLeaves = resources.map((one, i) => ({ ...one, leafDigests: leafDigests[i] as Uint8Array }));
  return { ...model, cid: computeModelCid(kind, withLeaves) };
}
