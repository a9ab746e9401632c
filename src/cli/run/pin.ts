import type { BuiltMetadata } from "../../metadata/build-metadata.ts";
import { pinMetadata, quotePins } from "../../publish/pin-metadata.ts";
import { prepareModel } from "../../publish/prepare-model.ts";
import type { ContentStore } from "../../content/content-store.ts";
import { type ChainConnection, connectRegistry, connectSigner, isLocalChain } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { formatBytes } from "../format-bytes.ts";
import { openPinningStore } from "../open-stores.ts";
import type { Options } from "../options.ts";
import { printDryRun, toPublishRequest } from "../publish-options.ts";
import { withResumeHint } from "../resume.ts";
import { type Terminal, confirm, followBytes, printable } from "../terminal.ts";

/** Hashes a model, signs its metadata for the registry and pins it, without minting. Prints where it is. */
export async function runPin(options: Options, connection: ChainConnection, terminal: Terminal): Promise<ExitCode> {
  const store = await openPinningStore(options, connection.chainId, terminal);
  const signer = await connectSigner(connection, options);
  const registry = await connectRegistry(connection, options, signer);
  const request = toPublishRequest(options, await signer.getAddress());
  const { built } = await followBytes(terminal, options.format, async (progress) =>
    prepareModel(request, { registry, signer, warn: terminal.warn, ...progress }),
  );
  if (options.dryRun) {
    terminal.note(`would pin ${built.uri}`);
    printDryRun(built, options.format, terminal);
    return EXIT.done;
  }
  for (const quote of await quotePins(built, store)) terminal.note(quote);
  if (!options.yes && store.public && !isLocalChain(connection.chainId)) await askToPin(built, options, terminal);
  const doing = "pinning the model";
  await withResumeHint(options, terminal, async (begin) => {
    begin();
    await followBytes(terminal, options.format, async (progress) => pinMetadata(built, store, progress), doing);
  });
  printPinned(built, store, options, terminal);
  return EXIT.done;
}

async function askToPin({ metadata }: BuiltMetadata, { withModel }: Options, terminal: Terminal) {
  const { model } = metadata.provenance;
  const what = withModel
    ? `The model (${formatBytes(model?.size ?? 0)}) and its metadata become`
    : "The metadata becomes";
  terminal.note(`${what} public and cannot be withdrawn.`);
  await confirm(terminal, "Pin it?");
}

function printPinned(
  { uri, metadataDigest, metadata, block }: BuiltMetadata,
  store: ContentStore,
  { format, withModel }: Options,
  terminal: Terminal,
): void {
  const { modelDigest, model } = metadata.provenance;
  if (format === "json") {
    const copies = store.copiesOf?.(block.cid);
    const pinned = model && { ...model, pinned: withModel ? "content" : "links" };
    const result = {
      uri,
      metadataDigest,
      modelDigest,
      image: metadata.image,
      model: pinned,
      store: store.name,
      copies,
    };
    terminal.print(JSON.stringify({ schemaVersion: "1.0", ...result }, null, 2));
    return;
  }
  const pinned = withModel ? `${model?.cid} and the metadata` : "the metadata";
  terminal.note(`pinned ${pinned} of ${printable(metadata.name)} in the ${store.name} store`);
  terminal.print(uri);
}
