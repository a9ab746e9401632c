import { type ExportedModel, type Publisher, findPublisher, startDeadline } from "model-provenance-nft/core";
import { fetchDid } from "../adapters/fetch-did.ts";
import { publishersOf } from "./publishers.ts";
import { openOne } from "./sources.ts";

const PATIENCE_MS = 10_000;

/** Asks the web site that the metadata name whether it lists the account: in both directions, as every verdict does. */
export async function askPublisher(model: ExportedModel): Promise<Publisher> {
  const { registry } = await openOne(model.registry);
  const question = {
    account: model.record.creator,
    chainId: model.place.chainId,
    registry: model.place.address,
    statement: model.metadata.provenance.publisher,
    provider: registry.provider,
    deadline: startDeadline(PATIENCE_MS),
  };
  return findPublisher(question, { ...publishersOf([registry]), fetchDid });
}
