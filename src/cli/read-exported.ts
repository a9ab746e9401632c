import { type ReadModelOptions, readModel } from "../exports/read-model.ts";
import type { ExportedModel } from "../exports/exported-model.ts";
import type { BlockSource } from "../content/content-store.ts";
import { type HashedModel, hashModel } from "../model/hash-model.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { resolveTokenId } from "../publish/prepare-model.ts";
import { claimReaderOf } from "../verify/model-at-hand.ts";
import { digestsOf } from "../verify/statement.ts";
import type { RecordSearch } from "../verify/locate.ts";
import type { ChainConnection } from "./chain-connection.ts";
import { hashOnHub } from "./hub-model.ts";
import { type Options, required } from "./options.ts";
import { type Terminal, followBytes } from "./terminal.ts";
import { openSources } from "./verify/with-registries.ts";

/** A record, and where it was read. */
export interface ReadExport {
  readonly model: ExportedModel;
  readonly registry: Registry;
  readonly store: BlockSource;
}

const TOKEN_ID = /^(0x[0-9a-f]{1,64}|\d{1,78})$/i;

/**
 * Reads the record that `EXPORT_OF` names: of a token, of the files at a path, or of a model of the Hub.
 *
 * @throws {ProvenanceError} as `readModel`; as `hashModel` and the Hub's where there are files to hash
 */
export async function readExported(
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
): Promise<ReadExport> {
  const search = await findSearch(options, terminal);
  const { registry: registries, unreachable, store, publishers } = await openSources(options, connect, terminal);
  const wanted: ReadModelOptions = { publishers, ...(options.exportAncestors && { ancestors: true }) };
  const model = await readModel({ kind: "chain", registries, unreachable, store }, search, wanted);
  const registry = registries.find((one) => toCaip10(one) === model.registry) as Registry;
  return { model, registry, store };
}

async function findSearch(options: Options, terminal: Terminal): Promise<RecordSearch> {
  const named = required(options, "exportOf");
  if (TOKEN_ID.test(named)) return { ids: [await resolveTokenId(named)], isNamed: true };
  const { ignorePaths, hfCache = false, format } = options;
  const given = { ...(ignorePaths && { ignorePaths }), hfCache };
  const hashed: HashedModel =
    (await hashOnHub({ ...options, modelPath: named }, terminal)) ??
    (await followBytes(terminal, format, async (progress) =>
      hashModel(named, { ...given, lfsPointers: "refuse", ...progress }),
    ));
  const readClaim = claimReaderOf(hashed, { hfCache });
  return { ids: digestsOf(hashed.resources), isNamed: false, ...(readClaim && { readClaim }) };
}
