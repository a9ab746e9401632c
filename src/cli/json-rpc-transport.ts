import { type FetchGetUrlFunc, makeError } from "ethers";

// The largest honest answer is a list of events; a node may be anybody's.
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * How requests go to a node: as ethers' own way, but a request that takes too long is ended and not only given up (an
 * open socket would keep the process alive), and an answer without end is not read to the end.
 */
export const requestUrl: FetchGetUrlFunc = async (request, signal) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), request.timeout);
  signal?.addListener(() => controller.abort());
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      body: (request.body as Uint8Array<ArrayBuffer> | null) ?? null,
      redirect: "manual",
      signal: controller.signal,
    });
    return {
      statusCode: response.status,
      statusMessage: response.statusText,
      headers: Object.fromEntries(response.headers),
      body: await readAnswer(response),
    };
  } catch (error) {
    controller.abort();
    if ((error as Error).name === "AbortError") {
      throw makeError("request timeout", "TIMEOUT", { operation: "request.send", reason: "timeout", request });
    }
    // fetch says "fetch failed", and only its cause says why.
    throw (error as Error).cause instanceof Error ? (error as Error).cause : error;
  } finally {
    clearTimeout(timer);
  }
};

async function readAnswer(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`the answer has more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}
