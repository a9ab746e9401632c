import {
  type ExportedModel,
  type LocatedRecord,
  ProvenanceError,
  type Registry,
  type StatusStatement,
  chooseRecord,
  isEndorsed,
  locate,
  readModel,
  readRoyalty,
  readStatus,
  toCaip10,
  toHex32,
} from "model-provenance-nft/core";
import { type KeptModel, keepModel, readKept } from "../adapters/kept-models.ts";
import { keepPage } from "../adapters/keep-page.ts";
import { readPicture } from "./read-picture.ts";
import { openOne } from "./sources.ts";

/** The record alone, where its metadata cannot be read. */
export interface BareModel extends Pick<LocatedRecord, "record" | "place" | "batch"> {
  readonly statement?: StatusStatement;
}

/** A model as its page shows it: plain data, so that it can be kept and looked at without a network. */
export interface OpenedModel {
  /** CAIP-10 account and token id. */
  readonly registry: string;
  readonly tokenId: string;
  readonly model?: ExportedModel;
  /** Only where there is no `model`. */
  readonly bare?: BareModel;
  /** Why there is no `model`. */
  readonly problem?: string;
  /** Basis points and their receiver. */
  readonly royalty?: { readonly receiver: string; readonly basisPoints: number };
  /** A picture whose bytes are those of its CID, as a data URL. */
  readonly picture?: string;
}

const BASIS_POINTS = 10_000n;

/**
 * Reads a model from the chain, with all that its page says; where that is not possible now, as it was read the last time.
 *
 * @throws {ProvenanceError} `REGISTRY_NOT_CONFIGURED`, `TOKEN_UNKNOWN`; `CHAIN_UNREACHABLE` for one that was never read
 */
export async function openModel(account: string, token: string): Promise<KeptModel> {
  try {
    const { registry, store } = await openOne(account);
    const opened = await read(registry, BigInt(token), store);
    const kept = { opened, readAt: Date.now() };
    await keepModel(kept);
    void keepPage();
    return kept;
  } catch (error) {
    const code = error instanceof ProvenanceError ? error.code : undefined;
    const kept = code === "CHAIN_UNREACHABLE" ? await readKept(account, token) : undefined;
    if (kept === undefined) throw error;
    return { ...kept, problem: (error as Error).message };
  }
}

async function read(
  registry: Registry,
  tokenId: bigint,
  store: Awaited<ReturnType<typeof openOne>>["store"],
): Promise<OpenedModel> {
  const evidence = { kind: "chain" as const, registries: [registry], unreachable: [], store };
  const search = { ids: [tokenId], isNamed: true };
  const common = { registry: toCaip10(registry), tokenId: toHex32(tokenId) };
  const royalty = await readRoyalty(registry, tokenId, BASIS_POINTS).then(
    ({ receiver, amount }) => ({ royalty: { receiver, basisPoints: Number(amount) } }),
    () => ({}), // of a model in a batch there is none yet
  );
  try {
    const model = await withEndorsements(registry, await readModel(evidence, search));
    const picture = await readPicture(model.metadata.image, store);
    return { ...common, ...royalty, model, ...(picture !== undefined && { picture }) };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    if (["TOKEN_UNKNOWN", "CHAIN_UNREACHABLE"].includes(error.code)) throw error;
    const { records } = await locate(evidence, search);
    const found = chooseRecord(records, search);
    if (found === undefined) throw error;
    const { record, place, batch } = found;
    const statement = batch?.statement ?? (batch ? undefined : await readStatus(registry, tokenId));
    const bare = { record, place, ...(batch && { batch }), ...(statement && { statement }) };
    return { ...common, ...royalty, bare, problem: error.message };
  }
}

/** Whether the owner of this model says of each child that it came from it; of some that could not be asked it stays unknown. */
async function withEndorsements(registry: Registry, model: ExportedModel): Promise<ExportedModel> {
  const children = await Promise.all(
    model.children.map(async (child) => {
      const asked = isEndorsed(registry, BigInt(model.tokenId), { tokenId: BigInt(child.tokenId) });
      const endorsed = await asked.catch(() => undefined);
      return endorsed === undefined ? child : { ...child, endorsed };
    }),
  );
  return { ...model, children };
}
