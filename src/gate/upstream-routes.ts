import {
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
  Agent,
  request as httpRequest,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Readable, pipeline } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { toHex32 } from "../base/hex.ts";
import type { GateLimits, Upstream } from "./gate-options.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { type OpenReceipt, RECEIPT_ID, RECEIPT_TRAILER, type Receipts } from "./receipts.ts";
import { Refusal } from "./refusal.ts";
import { stateOf } from "./request-state.ts";
import type { Session } from "./sessions.ts";
import { bodyOf, limitBytes } from "./upstream-body.ts";
import { UPSTREAM_PREFIX, upstreamPath } from "./upstream-target.ts";

// What passes is listed, so that nothing else does: no session, no cookie, no address of either side.
const TO_UPSTREAM = ["accept", "accept-encoding", "accept-language"];
// Only with a body: a length that nothing follows takes the next request on the connection for its body.
const WITH_BODY = ["content-type", "content-length", "content-encoding"];
const TO_CLIENT = ["content-type", "content-length", "content-encoding", "content-language", "etag", "retry-after"];
const MAX_SOCKETS = 256;

/** The inference endpoint behind the gate. */
export function addUpstreamRoutes(
  app: FastifyInstance,
  upstream: Upstream,
  tokenId: bigint,
  limits: GateLimits,
  keeper: Gatekeeper,
  receipts?: Receipts,
): void {
  const isSecure = upstream.url.protocol === "https:";
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS })
    : new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const send = isSecure ? httpsRequest : httpRequest;
  app.addHook("onClose", () => agent.destroy());
  // Bodies are passed on as they are.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));

  app.route({
    method: ["GET", "POST"],
    url: `${UPSTREAM_PREFIX}*`,
    bodyLimit: limits.bodyBytes,
    // Before anything of the body is read.
    preParsing: async (request) => {
      const state = stateOf(request);
      state.event = "inference";
      state.session = await keeper.admit(state.session);
    },
    handler: async (request, reply) => {
      const session = stateOf(request).session as Session;
      // The client waits as long as the endpoint may take, and its connection is not idle meanwhile.
      request.raw.socket.setTimeout(limits.upstreamTimeout + limits.idleTimeout);
      const options = { ...targetOf(upstream, request), agent, timeout: limits.upstreamTimeout };
      const body = bodyOf(request, reply, limits.bodyBytes);
      const headers = headersFor(request, body !== undefined, session, upstream, tokenId);
      const receipt = receipts?.begin(session.account);
      // What is signed is what the client keeps, and not a compressed form of it.
      if (receipt !== undefined) headers["accept-encoding"] = "identity";
      const watched = receipt && body?.pipe(receipt.watchRequest());
      if (watched !== undefined) body?.once("error", (error) => watched.destroy(error));
      const answer = await exchange(watched ?? body, request, reply, limits.bodyBytes, () =>
        send({ ...options, headers }),
      );
      return passOn(answer, session, keeper, request, reply, receipt);
    },
  });
}

function targetOf({ url }: Upstream, request: FastifyRequest): RequestOptions {
  return {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    path: upstreamPath(url, request.raw.url ?? ""),
    method: request.method,
  };
}

function headersFor(
  request: FastifyRequest,
  hasBody: boolean,
  session: Session,
  upstream: Upstream,
  tokenId: bigint,
): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    "x-model-provenance-account": session.account,
    "x-model-provenance-token": toHex32(tokenId),
  };
  const names = hasBody ? [...TO_UPSTREAM, ...WITH_BODY] : TO_UPSTREAM;
  for (const name of names) if (request.headers[name] !== undefined) headers[name] = request.headers[name];
  if (upstream.authorization !== undefined) headers["authorization"] = upstream.authorization;
  return headers;
}

/** Sends a request with its body and waits for the head of the answer. A body that ends early ends the connection. */
async function exchange(
  body: Readable | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  maxBytes: number,
  open: () => ReturnType<typeof httpRequest>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = Object.assign(open(), { strictContentLength: true });
    outgoing.once("response", resolve);
    // Whoever changes to another protocol answers nothing that could be passed on.
    outgoing.once("upgrade", (_, socket) => {
      socket.destroy();
      reject(notAnswered());
    });
    outgoing.once("timeout", () =>
      outgoing.destroy(new Refusal(504, "upstream_timeout", "The endpoint took too long.")),
    );
    outgoing.on("error", (cause) => {
      const text = "The endpoint does not answer.";
      reject(cause instanceof Refusal ? cause : new Refusal(502, "upstream_unavailable", text, { cause }));
    });
    // A client that went away waits for nothing.
    reply.raw.once("close", () => outgoing.destroy());
    if (body === undefined) return void outgoing.end();
    pipeline(body, limitBytes(maxBytes, request.headers["content-length"], reject), outgoing, (error) => {
      if (error) outgoing.destroy(error);
    });
  });
}

function passOn(
  answer: IncomingMessage,
  session: Session,
  keeper: Gatekeeper,
  request: FastifyRequest,
  reply: FastifyReply,
  receipt?: OpenReceipt,
): FastifyReply {
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 599) {
    answer.destroy();
    throw notAnswered();
  }
  const isOwn = status === 401 || status === 403 || status === 407;
  if (isOwn || (status >= 300 && status < 400)) {
    answer.destroy();
    // Its redirects name addresses, and its refusals are about the gate and not about the client.
    throw new Refusal(502, isOwn ? "upstream_refused" : "upstream_redirected", "The endpoint does not serve this.");
  }
  void reply.code(status).header("cache-control", "private, no-store");
  for (const name of TO_CLIENT) if (answer.headers[name] !== undefined) void reply.header(name, answer.headers[name]);
  if (receipt !== undefined) announce(receipt, request, reply);
  const state = stateOf(request);
  const count = (piece: Buffer) => {
    state.bytes = (state.bytes ?? 0) + piece.length;
    receipt?.addToResponse(piece);
  };
  const pieces = counted(keeper.guard(session, answer), count, async () => receipt?.complete());
  const stream = Readable.from(pieces, { objectMode: false });
  stream.once("close", () => answer.destroy());
  return reply.send(stream);
}

function notAnswered(): Refusal {
  return new Refusal(502, "upstream_invalid", "The endpoint gives no answer that can be passed on.");
}

/** Tells how the receipt is found; in a trailer too, where the client says that it takes trailers. */
function announce(receipt: OpenReceipt, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header(RECEIPT_ID, receipt.id);
  if (!/\btrailers\b/i.test(String(request.headers.te ?? ""))) return;
  // Trailers come behind chunks, and a length would say that there are none.
  void reply.removeHeader("content-length");
  void reply.trailer(RECEIPT_TRAILER, async () => Buffer.from(await receipt.complete()).toString("base64url"));
}

/** @param atEnd - called when the last piece was taken; never where the answer broke off */
async function* counted(
  pieces: AsyncIterable<Buffer>,
  count: (piece: Buffer) => void,
  atEnd: () => Promise<unknown>,
): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    count(piece);
    yield piece;
  }
  await atEnd();
}
