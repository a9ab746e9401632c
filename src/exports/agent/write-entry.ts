import { MODEL_ENTRY_NAME, MODEL_ENTRY_VERSION } from "../../verify/agent/model-entry.ts";
import { metadataUri, toDidPkh, toIsoTime, versionOf } from "../describe.ts";
import { type ExportedModel, idOf, nameOf } from "../exported-model.ts";
import type { FieldRow, FormWriter } from "../form.ts";

const FIELDS: readonly FieldRow[] = [
  { ours: "record.id", theirs: "endpoint", note: "what `verify --agent` asks the chain for" },
  { ours: "metadata.name", theirs: "model.name" },
  { ours: "version", theirs: "model.version" },
  { ours: "record.tokenId", theirs: "model.modelDigest" },
  { ours: "record.license", theirs: "model.license" },
  { ours: "task", theirs: "model.task" },
  { ours: "record.creator", theirs: "model.creator", note: "did:pkh" },
  { ours: "publisher", theirs: "model.publisher" },
  { ours: "record.mintedAt", theirs: "model.recordedAt" },
  { ours: "record.metadataDigest", theirs: "model.metadata" },
  { ours: "parents", theirs: "model.parents[].id" },
  { ours: "status.word", theirs: "model.status.word" },
  { ours: "status.statement", theirs: "model.status.reason", note: "with who and when" },
];

/**
 * Writes an entry of the list `services` (`endpoints` in earlier texts) of a registration file, to which that standard lets
 * anybody add. It names no file of the model: its digest does.
 *
 * @see https://eips.ethereum.org/EIPS/eip-8004
 */
export const AGENT_WRITER: FormWriter = {
  fields: FIELDS,
  write: (model) => `${JSON.stringify(toEntry(model), null, 2)}\n`,
};

function toEntry(model: ExportedModel) {
  const { id, tokenId, record, place, metadata, parents, publisher } = model;
  return {
    name: MODEL_ENTRY_NAME,
    endpoint: id,
    version: MODEL_ENTRY_VERSION,
    // JSON knows no undefined: what nobody stated is not written.
    model: {
      name: metadata.name,
      version: versionOf(model),
      modelDigest: tokenId,
      license: record.license === "" ? undefined : record.license,
      task: metadata.provenance.task,
      creator: toDidPkh(place.chainId, record.creator),
      publisher: publisher?.name,
      recordedAt: toIsoTime(record.mintedAt),
      metadata: metadataUri(model),
      parents:
        parents.length === 0
          ? undefined
          : parents.map((parent) => ({ id: idOf(parent), name: nameOf(parent), relation: parent.relation })),
      status: toStatus(model),
    },
  };
}

function toStatus({ place, status: { word, statement } }: ExportedModel) {
  if (statement === undefined) return { word };
  const { account, time, reason } = statement;
  return {
    word,
    by: toDidPkh(place.chainId, account),
    since: toIsoTime(time),
    reason: reason === "" ? undefined : reason,
  };
}
