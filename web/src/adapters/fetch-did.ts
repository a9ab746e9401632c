import {
  DID_DOCUMENT_MAX_BYTES,
  type DidFetcher,
  HttpFault,
  ProvenanceError,
  concatBytes,
} from "model-provenance-nft/core";
import { fetchExchange } from "./fetch-exchange.ts";

const TIMES = { connect: 5000, firstByte: 5000, idle: 5000, total: 10_000 };

/** Fetches the document of a did:web from its web site, which has to allow pages of others to read it. */
export const fetchDid: DidFetcher = async ({ host, url }, signal) => {
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
