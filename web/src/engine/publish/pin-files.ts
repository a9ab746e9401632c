import {
  KuboNode,
  KuboRpc,
  type PinnableFile,
  PinataUpload,
  ProvenanceError,
  allBlocksOf,
  readKuboEndpoint,
  throwIfInterrupted,
  wrapLinks,
  writeCar,
} from "model-provenance-nft/core";
import { fetchExchange } from "../../adapters/fetch-exchange.ts";
import { STRINGS } from "../../strings.ts";

/** Where metadata are pinned from a page. */
export type PinPlace =
  /** A Kubo node, as a rule on this machine: the URL of its RPC. */
  | { readonly kind: "kubo"; readonly url: string }
  /** A URL of Pinata that takes uploads for a while; who has it may upload, so it is not kept. */
  | { readonly kind: "pinata"; readonly uploadUrl: string }
  /** An archive that the reader takes to a store. */
  | { readonly kind: "car" };

/** How far it is, in files. */
export interface PinStep {
  readonly done: number;
  readonly total: number;
}

/** Options of {@link pinFiles}. */
export interface PinOptions {
  readonly signal?: AbortSignal;
  readonly onStep: (step: PinStep) => void;
}

/** Where files are pinned now. */
export interface Pinned {
  /** For people: a host, or the name of the archive. */
  readonly where: string;
  /** The archive that is to be saved. */
  readonly car?: { readonly name: string; readonly bytes: Uint8Array };
}

/** A place that takes files. */
interface Pinner {
  readonly host: string;
  readonly pin: (file: PinnableFile, signal: AbortSignal | undefined) => Promise<void>;
}

const TEXT = STRINGS.pinning;

/**
 * Pins files, the last of which names the others. The place says what it keeps, and that has to be what was sent.
 *
 * @throws {ProvenanceError} `STORE_FAILED`, `STORE_REFUSED` with what to do; `OPTION_INVALID` for an address that is none;
 *   `INTERRUPTED`. What was pinned before stays, and all may be pinned again.
 */
export async function pinFiles(
  files: readonly PinnableFile[],
  place: PinPlace,
  { signal, onStep }: PinOptions,
): Promise<Pinned> {
  const total = files.length;
  onStep({ done: 0, total });
  if (place.kind === "car") {
    const car = await writeArchive(files);
    onStep({ done: total, total });
    return { where: car.name, car };
  }
  const pinner = place.kind === "kubo" ? openKubo(place.url) : openPinata(place.uploadUrl);
  for (const [done, file] of files.entries()) {
    throwIfInterrupted(signal);
    await pinner.pin(file, signal);
    onStep({ done: done + 1, total });
  }
  return { where: pinner.host };
}

function openKubo(url: string): Pinner {
  const endpoint = readKuboEndpoint(url.trim());
  // A secret would have to be kept by a page that every gateway's other pages can look into.
  if (endpoint.authorization !== undefined) throw new ProvenanceError("OPTION_INVALID", TEXT.noSecret);
  const advice = { unreachable: TEXT.unreachable(location.origin), forbidden: TEXT.forbidden };
  const node = new KuboNode(new KuboRpc(endpoint, fetchExchange, advice));
  return {
    host: endpoint.base.host,
    pin: async (file, signal) => {
      const { root, linksOnly = false } = file;
      await node.pin(root, allBlocksOf(file), { linksOnly, ...(signal && { signal }) });
    },
  };
}

function openPinata(url: string): Pinner {
  const upload = new PinataUpload(url.trim(), fetchExchange, { attempts: 3 });
  return {
    host: upload.host,
    pin: async (file, signal) => {
      const { root, linksOnly = false } = file;
      await upload.pin(root, allBlocksOf(file), { linksOnly, ...(signal && { signal }) });
    },
  };
}

/** One archive of all of them. Its roots are all that a store is to pin: the last file first, which names the others. */
async function writeArchive(files: readonly PinnableFile[]): Promise<{ name: string; bytes: Uint8Array }> {
  const last = files.at(-1);
  if (last === undefined) throw new TypeError("There is nothing to pin.");
  // A store that pins a root looks for all that is below it.
  const whole = await Promise.all(
    files.map(async (file) =>
      file.linksOnly ? wrapLinks(file.blocks) : { root: file.root, blocks: allBlocksOf(file) },
    ),
  );
  const roots = [last.root, ...whole.slice(0, -1).map(({ root }) => root)];
  const blocks = async function* () {
    for (const file of whole) yield* file.blocks;
    // A store that does not know blocks by their hash alone finds those that link by their own CIDs.
    for (const file of files.filter(({ linksOnly }) => linksOnly)) yield* file.blocks;
  };
  const pieces: Uint8Array[] = [];
  for await (const piece of writeCar(roots, blocks())) pieces.push(piece);
  const bytes = new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
  return { name: `${last.root.toString()}.car`, bytes };
}
