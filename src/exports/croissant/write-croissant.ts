import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { toDigits } from "../../base/bytes.ts";
import { SHA2_256 } from "../../content/cid.ts";
import { explorerLinks } from "../../registry/networks.ts";
import { metadataUri, toDidPkh, toIriReference, toIsoTime } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import type { FieldRow, FormWriter } from "../form.ts";
import { CONTEXT } from "./context.ts";

const FIELDS: readonly FieldRow[] = [
  { ours: "metadata.name", theirs: "name", note: "training data of …" },
  { ours: "datasets", theirs: "isBasedOn[].name" },
  { ours: "datasets", theirs: "isBasedOn[].url", note: "where it was stated" },
  {
    ours: "datasetDigest",
    theirs: "isBasedOn[].identifier[]",
    note: "the digest of all its files together, as of a model",
  },
  { ours: "datasetCid", theirs: "distribution[].contentUrl", note: "where the CID is the SHA-256 of one file" },
  { ours: "datasetCid", theirs: "distribution[].sha256", note: "the same" },
  {
    ours: "extensions",
    theirs: "additionalProperty[].value",
    note: "as JSON; those named rai:… stand at the top, as Croissant RAI has them",
  },
  { ours: "publisher", theirs: "sdPublisher.name", note: "else did:pkh of the creator" },
  { ours: "record.creator", theirs: "sdPublisher.identifier" },
  { ours: "record.mintedAt", theirs: "sdDatePublished" },
  { ours: "record.metadataDigest", theirs: "subjectOf.url" },
  { ours: "record.id", theirs: "subjectOf.identifier" },
  { ours: "status.word", theirs: "subjectOf.creativeWorkStatus", note: "with who, when and why" },
];

/** Writes Croissant. It names no file of the model. @see https://docs.mlcommons.org/croissant/docs/croissant-spec.html */
export const CROISSANT_WRITER: FormWriter = {
  fields: FIELDS,
  write: (model) => `${JSON.stringify(describeData(model), null, 2)}\n`,
};

function describeData(model: ExportedModel) {
  const { id, metadata, record, place, publisher, tokenId } = model;
  const { datasets = [], datasetCid, extensions = {} } = metadata.provenance;
  const digest = BigInt(record.datasetDigest) === 0n ? undefined : record.datasetDigest;
  const isNamed = datasets.some((one) => one.digest === digest);
  const own = {
    name: "training data",
    ...(datasetCid !== undefined && { uri: datasetCid }),
    ...(digest && { digest }),
  };
  const all = [...(datasetCid !== undefined || (digest && !isNamed) ? [own] : []), ...datasets];
  const isRai = ([key]: [string, unknown]) => key.startsWith("rai:");
  const rest = Object.entries(extensions).filter((entry) => !isRai(entry));
  const token = explorerLinks.token(place.chainId, place.address, BigInt(tokenId));
  const about = all.map(({ name }) => name).join(", ");
  return {
    "@context": CONTEXT,
    "@type": "sc:Dataset",
    name: `Training data of ${metadata.name}`,
    description:
      all.length === 0
        ? "The publisher of the model does not say what data it was trained on."
        : `What the publisher of the model says it was trained on: ${about}. The licence of the data was not recorded.`,
    conformsTo: "http://mlcommons.org/croissant/1.0",
    url: token ?? metadataUri(model),
    sdDatePublished: toIsoTime(record.mintedAt),
    sdPublisher: {
      "@type": "sc:Organization",
      name: publisher?.name ?? toDidPkh(place.chainId, record.creator),
      identifier: toDidPkh(place.chainId, record.creator),
    },
    subjectOf: {
      "@type": "sc:CreativeWork",
      name: metadata.name,
      url: metadataUri(model),
      identifier: id,
      creativeWorkStatus: describeStanding(model),
    },
    ...(all.length > 0 && { isBasedOn: all.map(toSource) }),
    ...Object.fromEntries(Object.entries(extensions).filter(isRai)),
    ...(rest.length > 0 && { additionalProperty: rest.map(toProperty) }),
    distribution: toFiles(datasets, datasetCid),
    recordSet: [],
  };
}

function toProperty([name, value]: [string, unknown]) {
  return { "@type": "sc:PropertyValue", name, value: JSON.stringify(value) };
}

interface Source {
  readonly name: string;
  readonly uri?: string | undefined;
  readonly digest?: string | undefined;
}

function toSource({ name, uri, digest }: Source) {
  return {
    "@type": "sc:Dataset",
    name,
    ...(uri !== undefined && { url: toIriReference(uri) }),
    ...(digest !== undefined && { identifier: [digest] }),
  };
}

/** Croissant wants a file's SHA-256: known where a content address is one. */
function toFiles(datasets: readonly Source[], datasetCid: string | undefined) {
  const own = datasetCid === undefined ? [] : [{ name: "training data", uri: datasetCid }];
  const files = [...own, ...datasets].flatMap(({ name, uri }) => {
    const sha256 = uri === undefined ? undefined : digestOf(uri);
    return uri === undefined || sha256 === undefined ? [] : [{ name, contentUrl: uri, sha256 }];
  });
  return files.map(({ name, contentUrl, sha256 }, i) => ({
    "@type": "cr:FileObject",
    "@id": `file-${i + 1}`,
    name,
    contentUrl,
    encodingFormat: "application/octet-stream",
    sha256,
  }));
}

/** The SHA-256 of the one block that an `ipfs://` address names; undefined for any other address. */
function digestOf(uri: string): string | undefined {
  const [, text] = /^ipfs:\/\/([a-zA-Z0-9]+)$/.exec(uri) ?? [];
  try {
    const cid = text === undefined ? undefined : CID.parse(text);
    if (cid?.code !== raw.code || cid.multihash.code !== SHA2_256) return undefined;
    return toDigits(cid.multihash.digest);
  } catch {
    return undefined; // no CID that is known here: nothing is known of its bytes
  }
}

function describeStanding({ status: { word, statement } }: ExportedModel): string {
  if (statement === undefined) return word;
  const reason = statement.reason === "" ? "" : `: ${statement.reason}`;
  return `${word} since ${toIsoTime(statement.time)}, said by ${statement.account}${reason}`;
}
