import {
  DID_DOCUMENT_MAX_BYTES,
  type DidFetcher,
  type ExportedModel,
  HttpFault,
  ProvenanceError,
  type Publisher,
  concatBytes,
  findPublisher,
  startDeadline,
} from "model-provenance-nft/core";
import { fetchExchange } from "../adapters/fetch-exchange.ts";
import { openOne } from "./sources.ts";

const TIMES = { connect: 5000, firstByte: 5000, idle: 5000, total: 10_000 };

/** Asks the web site that the metadata name whether it lists the account: in both directions, as every verdict does. */
export async function askPublisher(model: ExportedModel): Promise<Publisher> {
  const { registry } = await openOne(model.registry);
  const question = {
    account: model.record.creator,
    chainId: model.place.chainId,
    registry: model.place.address,
    statement: model.metadata.provenance.publisher,
    provider: registry.provider,
    deadline: startDeadline(TIMES.total),
  };
  return findPublisher(question, { fetchDid });
}

const fetchDid: DidFetcher = async ({ host, url }, signal) => {
  try {
    const answer = await fetchExchange({
      url: new URL(url),
      headers: { accept: "application/did+json, application/json" },
      times: TIMES,
      maxBytes: DID_DOCUMENT_MAX_BYTES,
      ...(signal && { signal }),
    });
    if (answer.status !== 200) throw new HttpFault("unavailable", `answers with status ${answer.status}`);
    const parts: Uint8Array[] = [];
    for await (const part of answer.body) parts.push(part);
    return { bytes: concatBytes(parts), time: Math.floor(Date.now() / 1000) };
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    throw new ProvenanceError("STORE_FAILED", `${host} ${error.message}.`, { cause: error });
  }
};
