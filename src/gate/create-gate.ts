import type { Server } from "node:http";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, FastifyHttpOptions } from "fastify";
import { toHex32 } from "../base/hex.ts";
import { loadOptional } from "../base/optional-package.ts";
import { Access } from "./access.ts";
import { addFileRoutes } from "./file-routes.ts";
import { DEFAULT_LIMITS, type GateLimits, type GateOptions } from "./gate-options.ts";
import { Gatekeeper } from "./gatekeeper.ts";
import { Receipts, addReceiptRoutes } from "./receipts.ts";
import { Refusal } from "./refusal.ts";
import { stateOf } from "./request-state.ts";
import { Sessions } from "./sessions.ts";
import { addSignInRoutes } from "./sign-in-routes.ts";
import { SignIn } from "./sign-in.ts";
import { addUpstreamRoutes } from "./upstream-routes.ts";

// What may be set when an answer turns out to be a refusal after all.
const OF_THE_FILE = ["content-length", "content-range", "content-disposition", "etag", "accept-ranges", "repr-digest"];
const SAFE_HEADERS = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};
const MAX_NAME_LENGTH = 16 * 1024;

/**
 * Makes the server that lets the owner of a token, and accounts with a grant in force, have its files and its inference
 * endpoint. They sign in by EIP-4361 and send the session as a bearer token.
 *
 * @throws {ProvenanceError} `OPTIONAL_PACKAGE_MISSING`
 * @returns a fastify instance that does not listen yet; its `close` waits for answers under way
 */
export async function createGate(options: GateOptions): Promise<FastifyInstance> {
  const limits: GateLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const now = options.now ?? Date.now;
  const keeper = new Gatekeeper(new Sessions(now), new Access(options.ask, limits.accessLifetime, now));
  const [{ fastify }, { default: rateLimit }] = await loadOptional(
    async () => Promise.all([import("fastify"), import("@fastify/rate-limit")]),
    "The gate is a server of Fastify",
    "fastify",
    "@fastify/rate-limit",
  );
  const app = fastify(toServerOptions(limits, options.trustedProxies ?? []));
  app.server.maxConnections = limits.connections;

  app.addHook("onRequest", async (request, reply) => {
    const state = stateOf(request);
    state.session = keeper.identify(request.headers.authorization);
    reply.raw.once("close", () => writeAudit(options, now, request, reply));
    void reply.headers(SAFE_HEADERS);
    if (!options.audit.isHealthy()) {
      throw new Refusal(503, "audit_unavailable", "Nothing is served while the audit log cannot be written.");
    }
  });
  await app.register(rateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => stateOf(request).session?.account ?? request.ip,
    errorResponseBuilder: () => new Refusal(429, "too_many_requests", "Too many requests. Try again in a minute."),
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    answerError(new Refusal(404, "not_found", "There is nothing here."), request, reply);
  });

  app.get("/healthz", () => ({ ok: true }));
  addSignInRoutes(app, options, limits, keeper, new SignIn(options, limits, now));
  if (options.files !== undefined) addFileRoutes(app, options.files, keeper);
  const { upstream, tokenId, receiptSigner } = options;
  const receipts = receiptSigner && new Receipts(receiptSigner, options, now);
  if (receipts !== undefined) addReceiptRoutes(app, receipts, keeper);
  if (upstream !== undefined) {
    await app.register((scope, _options, done) => {
      addUpstreamRoutes(scope, upstream, tokenId, limits, keeper, receipts);
      done();
    });
  }
  return app;
}

function toServerOptions(limits: GateLimits, trustedProxies: readonly string[]): FastifyHttpOptions<Server> {
  return {
    logger: false, // what may be known of a request stands in the audit log
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeout,
      connectionsCheckingInterval: limits.checkInterval,
    },
    requestTimeout: limits.requestTimeout,
    connectionTimeout: limits.idleTimeout,
    keepAliveTimeout: Math.min(5_000, limits.idleTimeout),
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: MAX_NAME_LENGTH },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  };
}

/** Says why, in words of our own: whatever failed inside stays there. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, reason, message } = toRefusal(error);
  stateOf(request).outcome = reason;
  void reply.code(status);
  if (status === 401) void reply.header("www-authenticate", "Bearer");
  for (const name of OF_THE_FILE) if (status !== 416 || name !== "content-range") void reply.removeHeader(name);
  return reply.type("application/json; charset=utf-8").send(JSON.stringify({ error: reason, message }));
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { statusCode = 500 } = error as Partial<FastifyError>;
  if (statusCode === 413) return new Refusal(413, "body_too_large", "The request is too large.");
  if (statusCode >= 400 && statusCode < 500) {
    return new Refusal(statusCode, "request_invalid", "The request cannot be read.");
  }
  return new Refusal(500, "internal_error", "Something failed here.");
}

function writeAudit(options: GateOptions, now: () => number, request: FastifyRequest, { raw }: FastifyReply): void {
  const { session, account = session?.account, event, path, outcome, bytes } = stateOf(request);
  options.audit.write({
    time: new Date(now()).toISOString(),
    event,
    ...(account !== undefined && { account }),
    tokenId: toHex32(options.tokenId),
    method: request.method,
    path,
    status: raw.statusCode,
    outcome: outcome ?? (raw.writableFinished ? "ok" : "aborted"),
    ...(bytes !== undefined && { bytes }),
    client: request.ip,
  });
}
