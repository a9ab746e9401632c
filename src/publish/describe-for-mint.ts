import { ProvenanceError } from "../base/errors.ts";
import { metadataSchema, type Metadata } from "../metadata/schema.ts";
import { readMetadata } from "../metadata/read-metadata.ts";
import type { BatchProof } from "../registry/batches/batch-files.ts";
import type { Hex } from "../base/hex.ts";
import { rawCidOfDigest, toIpfsUri } from "../content/cid.ts";
import { searchAnchored } from "./anchored-model.ts";
import type { ModelEntry } from "./journal/journal-schema.ts";
import type { Journal } from "./journal/journal.ts";
import { linkModel } from "./link-model.ts";
import { linkWithContent } from "./pin-model.ts";
import type { MintContext } from "./mint-context.ts";
import { type HashedRequest, type PreparedModel, type PublishRequest, describeModel } from "./prepare-model.ts";

/** Describes a model that is to have a token. */
export type Describe = (
  hashed: HashedRequest,
  request: PublishRequest,
  journal: Journal<ModelEntry>,
) => Promise<PreparedModel>;

/**
 * Begins to describe models that are to have tokens. One of an anchored batch of the signer is what the batch says of it, and
 * nothing is signed again; all others are described and signed, where an earlier run did not.
 */
export function describeForMint(context: MintContext): Describe {
  const search = searchAnchored(context);
  return async (hashed, request, journal) => {
    const anchored = await search(hashed.model, request, journal);
    const described = anchored && (await describeAnchored(hashed, request, anchored, context));
    if (described !== undefined) return described;
    return describeModel(hashed, request, context, parseSigned(journal.entry.signed?.metadata));
  };
}

/**
 * Takes the metadata that the batch names; undefined, with a warning, where they are in no store that was asked.
 *
 * @throws {ProvenanceError} as `readMetadata`; a store that did not answer may have them: nothing is minted then
 */
async function describeAnchored(
  { model }: HashedRequest,
  { withModel }: PublishRequest,
  anchored: BatchProof,
  { reading, store, warn }: MintContext,
): Promise<PreparedModel | undefined> {
  const metadataDigest = anchored.submission.metadataDigest as Hex;
  const cid = rawCidOfDigest(metadataDigest);
  const bytes = await orElseMissing(async () => (reading ?? store).get(cid));
  if (bytes === undefined) {
    warn(
      `The metadata of that batch (${toIpfsUri(cid)}) are in no store that was asked: what this run states is recorded.`,
    );
    return undefined;
  }
  const metadata = await readMetadata(metadataDigest, { get: () => Promise.resolve(bytes) });
  const linked = withModel ? linkWithContent(model) : linkModel(model);
  const attachments = linked ? [linked.links] : [];
  const built = { metadata, metadataDigest, uri: toIpfsUri(cid), block: { cid, bytes }, attachments };
  return { model, built, anchored };
}

async function orElseMissing(read: () => Promise<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "STORE_BLOCK_MISSING") return undefined;
    throw error;
  }
}

/** What an earlier run signed; undefined where that cannot be used: then it is signed again. */
function parseSigned(text: string | undefined): Metadata | undefined {
  try {
    return text === undefined ? undefined : metadataSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
