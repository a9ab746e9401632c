import { concatBytes } from "../bytes.ts";
import type { FollowedRequest } from "./request.ts";
import type { HttpResponse } from "./send.ts";

/** One request as those who talk with a service give it. */
export interface AskedOverHttp extends Omit<FollowedRequest, "guard" | "agents" | "send"> {
  /** Take no connection that was kept. */
  readonly fresh?: boolean;
}

/** What such a request is answered with; a browser does not tell what a server says after its body. */
export type Answered = Omit<HttpResponse, "trailers"> & Partial<Pick<HttpResponse, "trailers">>;

/**
 * Sends requests to one service, however that is done: by Node's own client, or by a browser's.
 *
 * @throws {HttpFault}
 */
export type Exchange = (request: AskedOverHttp) => Promise<Answered>;

/** Reads a body whole. @throws {HttpFault} */
export async function readWhole(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return concatBytes(pieces);
}
