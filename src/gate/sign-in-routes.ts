import type { FastifyInstance } from "fastify";
import { toHex32 } from "../base/hex.ts";
import { signInUri } from "./check-sign-in.ts";
import type { GateLimits, GateOptions } from "./gate-options.ts";
import { type Gatekeeper, accessDenied } from "./gatekeeper.ts";
import { stateOf } from "./request-state.ts";
import { MAX_SIGN_IN_BYTES, type SignIn } from "./sign-in.ts";

/** Signing in: what a message must name, a nonce, a session. */
export function addSignInRoutes(
  app: FastifyInstance,
  options: GateOptions,
  limits: GateLimits,
  keeper: Gatekeeper,
  signIn: SignIn,
): void {
  const rateLimit = { max: limits.signInsPerMinute, keyGenerator: ({ ip }: { ip: string }) => ip };

  app.get("/v1/gate", () => describeGate(options));

  app.post("/v1/nonce", { config: { rateLimit } }, () => {
    const { nonce, expiresAt } = signIn.nonces.issue();
    return { nonce, expiresAt: new Date(expiresAt).toISOString() };
  });

  app.post("/v1/session", { bodyLimit: MAX_SIGN_IN_BYTES, config: { rateLimit } }, async (request, reply) => {
    const state = stateOf(request);
    state.event = "sign-in";
    const { account, expiresAt } = await signIn.accept(request.body);
    state.account = account;
    if (!(await keeper.access.isAllowed(account, true))) throw accessDenied();
    const { secret } = keeper.sessions.begin(account, expiresAt);
    void reply.code(201);
    return { session: secret, account, expiresAt: new Date(expiresAt).toISOString() };
  });

  addSessionRoutes(app, keeper);
}

/** Whose session it is, and its end. */
function addSessionRoutes(app: FastifyInstance, keeper: Gatekeeper): void {
  app.get("/v1/session", async (request) => {
    const state = stateOf(request);
    state.event = "session";
    const { account, expiresAt } = await keeper.admit(state.session);
    return { account, expiresAt: new Date(expiresAt).toISOString() };
  });

  app.delete("/v1/session", (request, reply) => {
    const state = stateOf(request);
    state.event = "sign-out";
    if (state.session !== undefined) keeper.sessions.end(state.session);
    void reply.code(204).send();
  });
}

function describeGate({ publicUrl, registry, tokenId, files, upstream }: GateOptions) {
  const url = publicUrl();
  return {
    schemaVersion: "1.0",
    domain: new URL(url).host,
    uri: signInUri(url),
    version: "1",
    chainId: String(registry.chainId),
    registry: registry.address,
    tokenId: toHex32(tokenId),
    serves: [...(files ? ["files"] : []), ...(upstream ? ["upstream"] : [])],
  };
}
