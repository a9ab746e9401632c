import type { OpenedModel } from "../engine/read-model.ts";
import { openTable } from "./indexed-table.ts";

/** A model as it was read, and when. */
export interface KeptModel {
  readonly opened: OpenedModel;
  /** Milliseconds since 1970. */
  readonly readAt: number;
  /** Why it could not be read again. */
  readonly problem?: string;
}

const models = openTable<KeptModel>("models");

/** Keeps what was read, so that it can be looked at without a network. Where nothing may be kept, nothing is. */
export async function keepModel(kept: KeptModel): Promise<void> {
  const { registry, tokenId } = kept.opened;
  await models.put(keyOf(registry, tokenId), kept).catch(() => undefined);
}

/** What was kept of a model. */
export async function readKept(registry: string, tokenId: string): Promise<KeptModel | undefined> {
  return models.get(keyOf(registry, tokenId)).catch(() => undefined);
}

function keyOf(registry: string, tokenId: string): string {
  return `${registry}/${tokenId}`.toLowerCase();
}
