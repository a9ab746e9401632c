import {
  type HashedModel,
  type ModelFacts,
  ProvenanceError,
  assembleTensors,
  collectFacts,
  computeModelCid,
  linkBundle,
  OMS_BUNDLE_NAME,
  type Provenance,
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
  /** The OMS bundle that lies in the folder, where it is recorded. */
  readonly oms?: NonNullable<Provenance["oms"]>;
}

/** A model as it was read, and the bytes of its OMS bundle, which are pinned with the metadata. */
export interface ReadPicked {
  readonly read: ReadModel;
  readonly bundle?: Uint8Array;
}

/** Options of {@link readPicked}. */
export interface ReadPickedOptions extends HashFilesOptions {
  /** Also compute the CID of the model, in the same pass. */
  readonly withCid?: boolean;
  /** Also record the OMS bundle that lies in the folder, once it was checked; so unless it is false. */
  readonly withBundle?: boolean;
}

/**
 * Hashes what was listed with its tensors, in one pass, and reads card, configuration and headers, as the command does.
 *
 * @param find - what was picked, by its name in the folder
 * @throws {ProvenanceError} as `hashListed` and `linkBundle`; Git LFS pointers are refused: only content is recorded
 */
export async function readPicked(
  listed: ListedModel,
  find: (name: string) => PickedFile | undefined,
  { withCid = false, withBundle = true, ...options }: ReadPickedOptions = {},
): Promise<ReadPicked> {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const onInvalid = (error: ProvenanceError) => note(describeInvalidHeader(error));
  const description = await describeFormats(listed.files.map(sourceOf), { onInvalid });
  const plan = planTensors(description);
  const pieces = new Map(Array.from(plan?.files ?? [], ([name, inFile]) => [name, inFile.pieces]));
  const hashed = await hashListed(listed, (name) => find(name) !== undefined, {
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
  const linked = withBundle ? await findBundle(model, find, note) : undefined;
  const read = { model, facts, notes: [...model.warnings, ...notes], ...(linked && { oms: linked.oms }) };
  return { read, ...(linked && { bundle: linked.bytes }) };
}

/** The folder's own OMS bundle, checked by the command's own code. */
async function findBundle(
  model: HashedModel,
  find: (name: string) => PickedFile | undefined,
  note: (text: string) => void,
): Promise<{ readonly oms: NonNullable<Provenance["oms"]>; readonly bytes: Uint8Array } | undefined> {
  const file = find(OMS_BUNDLE_NAME);
  if (file === undefined || !model.excluded.some(({ reason }) => reason === "OMS bundle")) return undefined;
  // Of a page that came over an open connection a browser withholds what checks signatures.
  if ((crypto as Partial<Crypto>).subtle === undefined) return void note(STRINGS.publish.bundleUnchecked);
  const bytes = await bytesOf(file);
  const given = { bytes, source: OMS_BUNDLE_NAME, isNamed: false, leave: STRINGS.publish.bundleLeave };
  const linked = await linkBundle(given, model, note);
  return linked && { oms: linked.oms, bytes };
}

function withModelCid(model: HashedModel): HashedModel {
  const { kind, resources, leafDigests = [] } = model;
  const withLeaves = resources.map((one, i) => ({ ...one, leafDigests: leafDigests[i] as Uint8Array }));
  return { ...model, cid: computeModelCid(kind, withLeaves) };
}
