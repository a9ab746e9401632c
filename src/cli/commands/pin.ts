import { pinMetadata, prepareModel, quotePins } from "../../publish/prepare-model.ts";
import { type ChainConnection, connectRegistry, connectSigner, isLocalChain } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { openPinningStore } from "../open-stores.ts";
import { PINNING_OPTIONS } from "../options/pinning.ts";
import type { OptionValues } from "../options.ts";
import { PUBLISH_OPTIONS, printDryRun, toPublishRequest } from "../publish-options.ts";
import { type Terminal, confirm, followBytes, printable } from "../terminal.ts";

/** Options of `pin`. */
export const PIN_OPTIONS = [
  ...PUBLISH_OPTIONS,
  "registryAddress",
  "mintFrom",
  ...PINNING_OPTIONS,
  "dryRun",
  "yes",
  "format",
] as const;

/** Hashes a model, signs its metadata for the registry and pins it, without minting. Prints where it is. */
export async function runPin(
  options: OptionValues<(typeof PIN_OPTIONS)[number]>,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
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
  if (!options.yes && store.public && !isLocalChain(connection.chainId)) {
    terminal.note("The metadata becomes public and cannot be withdrawn.");
    await confirm(terminal, "Pin it?");
  }
  await pinMetadata(built, store);
  const { uri, metadataDigest, metadata } = built;
  if (options.format === "json") {
    const { modelDigest } = metadata.provenance;
    const { image } = metadata;
    const copies = store.copiesOf?.(built.block.cid);
    const result = { uri, metadataDigest, modelDigest, image, store: store.name, copies };
    terminal.print(JSON.stringify({ schemaVersion: "1.0", ...result }, null, 2));
  } else {
    terminal.note(`pinned the metadata of ${printable(metadata.name)} in the ${store.name} store`);
    terminal.print(uri);
  }
  return EXIT.done;
}
