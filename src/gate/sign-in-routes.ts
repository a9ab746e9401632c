import type { FastifyInstance } from "fastify";
import { getAddress } from "ethers";
import { z } from "zod";
import { toHex32 } from "../hex.ts";
import { isTextSignedBy } from "./account-signature.ts";
import { checkSignIn, signInUri } from "./check-sign-in.ts";
import type { GateLimits, GateOptions } from "./gate-options.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { Nonces } from "./nonces.ts";
import { Refusal, refuseSignIn } from "./refusal.ts";
import { stateOf } from "./request-state.ts";
import { MAX_MESSAGE_LENGTH, parseSiweMessage } from "./siwe-message.ts";

const MAX_BODY_BYTES = 64 * 1024;

const signInSchema = z.strictObject({
  message: z.string().max(MAX_MESSAGE_LENGTH),
  signature: z.string().max(MAX_BODY_BYTES),
});

/** Signing in and out: what a message must name, a nonce, a session. */
export function addSignInRoutes(
  app: FastifyInstance,
  options: GateOptions,
  limits: GateLimits,
  keeper: Gatekeeper,
  now: () => number,
): void {
  const nonces = new Nonces(limits.nonceLifetime, now);
  const rateLimit = { max: limits.signInsPerMinute, keyGenerator: ({ ip }: { ip: string }) => ip };
  const { registry, tokenId } = options;

  app.get("/v1/gate", () => {
    const publicUrl = options.publicUrl();
    return {
      schemaVersion: "1.0",
      domain: new URL(publicUrl).host,
      uri: signInUri(publicUrl),
      version: "1",
      chainId: String(registry.chainId),
      registry: registry.address,
      tokenId: toHex32(tokenId),
      serves: [...(options.files ? ["files"] : []), ...(options.upstream ? ["upstream"] : [])],
    };
  });

  app.post("/v1/nonce", { config: { rateLimit } }, () => {
    const { nonce, expiresAt } = nonces.issue();
    return { nonce, expiresAt: new Date(expiresAt).toISOString() };
  });

  app.post("/v1/session", { bodyLimit: MAX_BODY_BYTES, config: { rateLimit } }, async (request, reply) => {
    const state = stateOf(request);
    state.event = "sign-in";
    const account = await signIn(request.body);
    state.account = account.address;
    if (!(await keeper.access.isAllowed(account.address, true))) {
      throw new Refusal(
        403,
        "access_denied",
        "This account neither owns the token nor holds a grant that is in force.",
      );
    }
    const { session, secret } = keeper.sessions.begin(account.address, account.expiresAt);
    state.session = session;
    void reply.code(201);
    return { session: secret, account: session.account, expiresAt: new Date(session.expiresAt).toISOString() };
  });

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

  /** Checks a message and its signature. The nonce is used up first, whatever else is found. */
  async function signIn(body: unknown): Promise<{ address: string; expiresAt: number }> {
    const parsed = signInSchema.safeParse(body);
    if (!parsed.success) throw new Refusal(400, "request_invalid", "Send JSON: {message, signature}, both texts.");
    const { message: text, signature } = parsed.data;
    const message = parseSiweMessage(text);
    if (message === undefined) throw refuseSignIn("message_invalid", "This is no message of EIP-4361.");
    if (!nonces.consume(message.nonce)) {
      throw refuseSignIn("nonce_unknown", "This nonce was not issued here, was used before, or is too old.");
    }
    const place = {
      publicUrl: options.publicUrl(),
      chainId: registry.chainId,
      now: now(),
      maxAge: limits.nonceLifetime,
    };
    checkSignIn(message, place);
    const address = getAddress(message.address);
    const isSigned = await isTextSignedBy(text, signature, address, registry.provider).catch((cause: unknown) => {
      throw new Refusal(503, "chain_unavailable", "The chain cannot be asked now. Try again.", { cause });
    });
    if (!isSigned) throw refuseSignIn("signature_invalid", "The message is not signed by the account that it names.");
    const stated = message.expirationTime === undefined ? Infinity : Date.parse(message.expirationTime);
    return { address, expiresAt: Math.min(stated, now() + limits.sessionLifetime) };
  }
}
