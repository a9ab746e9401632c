import { stat } from "node:fs/promises";
import { CID } from "multiformats/cid";
import { ProvenanceError } from "../../base/errors.ts";
import { exportCar } from "../../content/car/export-car.ts";
import { importCar } from "../../content/car/import-car.ts";
import { collectGarbage } from "../../content/stores/local/collect-garbage.ts";
import { describeRoot, listPins } from "../../content/stores/local/list-pins.ts";
import type { LocalStore } from "../../content/stores/local/local-store.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { formatBytes } from "../format-bytes.ts";
import { openLocalStore } from "../open-stores.ts";
import { type OptionValues, required } from "../options.ts";
import type { Progress } from "../progress.ts";
import { type Terminal, followBytes, printable, table } from "../terminal.ts";

type StoreOptions = OptionValues<"storePath" | "root" | "carPath" | "outputPath" | "dryRun" | "format" | "copyContent">;

/** Opens a store that is there. @throws {ProvenanceError} `OPTION_INVALID` where there is none */
export async function openExistingStore(options: OptionValues<"storePath">): Promise<LocalStore> {
  const store = openLocalStore(options);
  const { folder } = store.parts;
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory()) return store;
  throw new ProvenanceError("OPTION_INVALID", `There is no store at ${folder}. Set STORE_PATH to its folder.`);
}

/** Lists what the store was asked to keep. */
export async function runStoreList(options: StoreOptions, terminal: Terminal): Promise<ExitCode> {
  const pins = await listPins(await openExistingStore(options));
  if (options.format === "json") {
    const list = pins.map(({ root, ...rest }) => ({ root: root.toString(), ...rest }));
    printJson(terminal, { pins: list });
    return EXIT.done;
  }
  if (pins.length === 0) terminal.note("Nothing is pinned.");
  else {
    const rows = pins.map(({ root, kind, linksOnly, size }) => [
      root.toString(),
      linksOnly ? `${kind}, links only` : kind,
      size === undefined ? "-" : formatBytes(size),
    ]);
    terminal.print(table([["ROOT", "KIND", "SIZE"], ...rows]));
  }
  return EXIT.done;
}

/** Stops keeping a root. The blocks stay until the next collection. */
export async function runStoreUnpin(options: StoreOptions, terminal: Terminal): Promise<ExitCode> {
  const root = readRoot(options);
  const removed = await (await openExistingStore(options)).parts.pins.remove(root);
  if (options.format === "json") printJson(terminal, { root: root.toString(), removed });
  else if (removed) terminal.print(`unpinned ${root.toString()}; store gc removes what nothing else needs`);
  else terminal.note(`${root.toString()} is not pinned. Run store list to see what is.`);
  return removed ? EXIT.done : EXIT.unknown;
}

/** Removes what no pin reaches, or says what that would be. */
export async function runStoreGc(options: StoreOptions, terminal: Terminal): Promise<ExitCode> {
  const dryRun = options.dryRun ?? false;
  const garbage = await collectGarbage(await openExistingStore(options), { dryRun });
  if (options.format === "json") {
    printJson(terminal, { dryRun, ...garbage });
    return EXIT.done;
  }
  const { blocks, bytes, references, temporary } = garbage;
  terminal.print(
    `${dryRun ? "would remove" : "removed"} ${blocks} blocks (${formatBytes(bytes)}), ${references} references, ` +
      `${temporary} left-over files`,
  );
  return EXIT.done;
}

/** Writes a root and all below it to an archive. */
export async function runStoreExport(options: StoreOptions, terminal: Terminal): Promise<ExitCode> {
  const root = readRoot(options);
  const path = required(options, "outputPath");
  const store = await openExistingStore(options);
  const work = async ({ onTotal, onBytes }: Partial<Progress>) => {
    onTotal?.((await describeRoot(store, root)).size ?? 0);
    return exportCar(store, root, path, onBytes);
  };
  const { size, blocks } = await followBytes(terminal, options.format, work, "exporting");
  if (options.format === "json") printJson(terminal, { root: root.toString(), car: path, size, blocks });
  else terminal.print(`wrote ${printable(path)}: ${blocks} blocks, ${formatBytes(size)}`);
  return EXIT.done;
}

/** Reads an archive and pins its roots. */
export async function runStoreImport(options: StoreOptions, terminal: Terminal): Promise<ExitCode> {
  const path = required(options, "carPath");
  try {
    const work = async ({ onTotal, onBytes }: Partial<Progress>) => {
      onTotal?.((await stat(path).catch(() => undefined))?.size ?? 0);
      return importCar(openLocalStore(options), path, onBytes);
    };
    const { roots, blocks } = await followBytes(terminal, options.format, work, "importing");
    const names = roots.map(String);
    if (options.format === "json") printJson(terminal, { roots: names, blocks });
    else terminal.print(names.join("\n"));
    return EXIT.done;
  } catch (error) {
    // An archive that is damaged or lacks something stays so when it is read again.
    const code = error instanceof ProvenanceError ? error.code : undefined;
    if (code !== "STORE_BLOCK_CORRUPT" && code !== "STORE_BLOCK_MISSING") throw error;
    terminal.note(`Nothing was pinned. ${printable((error as Error).message)}`);
    return EXIT.failed;
  }
}

/** The root that was named. @throws {ProvenanceError} `OPTION_MISSING`, `OPTION_INVALID` */
function readRoot(options: StoreOptions): CID {
  const text = required(options, "root");
  try {
    return CID.parse(text.replace(/^ipfs:\/\//, ""));
  } catch (cause) {
    const fault = `ROOT_CID takes a CID, for example bafybei…, got ${JSON.stringify(text)}.`;
    throw new ProvenanceError("OPTION_INVALID", fault, { cause });
  }
}

/** Prints one document. */
export function printJson(terminal: Terminal, document: object): void {
  terminal.print(JSON.stringify({ schemaVersion: "1.0", ...document }, null, 2));
}
