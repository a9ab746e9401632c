import { startServer } from "../../../test/helpers/local-server.ts";

/** A node of several machines, as public ones are: now and then one answers that is still on a chain which is gone. */
export interface LaggingNode {
  readonly url: string;
  /** Answers the next question for the newest block with this one; settles when it did. */
  readonly answerOnce: (block: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Passes everything else on to a node. */
export async function startLaggingNode(nodeUrl: string): Promise<LaggingNode> {
  let stale: { readonly block: unknown; readonly isSent: () => void } | undefined;
  const answer = async (body: string): Promise<string> => {
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params?: unknown[] };
    if (stale !== undefined && method === "eth_getBlockByNumber" && params?.[0] === "latest") {
      const { block, isSent } = stale;
      stale = undefined;
      isSent();
      return JSON.stringify({ jsonrpc: "2.0", id, result: block });
    }
    const response = await fetch(nodeUrl, { method: "POST", headers: { "content-type": "application/json" }, body });
    return response.text();
  };
  const { url, close } = await startServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      answer(Buffer.concat(chunks).toString("utf8")).then(
        (text) => response.writeHead(200, { "content-type": "application/json" }).end(text),
        () => response.destroy(),
      );
    });
  });
  return {
    url,
    close,
    answerOnce: async (block) => {
      const sent = Promise.withResolvers<void>();
      stale = { block, isSent: sent.resolve };
      return sent.promise;
    },
  };
}
