import { getAddress, hashMessage } from "ethers";
import { z } from "zod";
import type { Hex } from "../base/hex.ts";
import { checkSignature } from "../registry/check-signature.ts";
import { checkSignIn } from "./check-sign-in.ts";
import type { GateLimits, GateOptions } from "./gate-options.ts";
import { Nonces } from "./nonces.ts";
import { Refusal, refuseSignIn } from "./refusal.ts";
import { MAX_MESSAGE_LENGTH, type SiweMessage, parseSiweMessage } from "./siwe-message.ts";

/** A request to sign in may have so many bytes. */
export const MAX_SIGN_IN_BYTES = 64 * 1024;

const signInSchema = z.strictObject({
  message: z.string().max(MAX_MESSAGE_LENGTH),
  signature: z.string().max(MAX_SIGN_IN_BYTES),
});

/** Finds out who somebody is: by a message of EIP-4361 that is for this gate, new, and signed. */
export class SignIn {
  readonly nonces: Nonces;
  readonly #options: GateOptions;
  readonly #limits: GateLimits;
  readonly #now: () => number;

  /** @param now - Unix time in milliseconds */
  constructor(options: GateOptions, limits: GateLimits, now: () => number) {
    this.nonces = new Nonces(limits.nonceLifetime, now);
    this.#options = options;
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Checks a message and its signature. The nonce is used up first, whatever else is found.
   *
   * @param body - what the client sent
   * @returns the account, and when its session must end at the latest, in milliseconds of Unix time
   * @throws {Refusal} 400, 401, or 503 where the chain does not answer
   */
  async accept(body: unknown): Promise<{ account: string; expiresAt: number }> {
    const parsed = signInSchema.safeParse(body);
    if (!parsed.success) throw new Refusal(400, "request_invalid", "Send JSON: {message, signature}, both texts.");
    const { message: text, signature } = parsed.data;
    const message = this.#read(text);
    const account = getAddress(message.address);
    const { provider } = this.#options.registry;
    const { signed } = await checkSignature({ account, hash: hashMessage(text) as Hex, signature }, provider);
    if (signed === "unknown") {
      throw new Refusal(503, "chain_unavailable", "The chain cannot be asked now. Try again.");
    }
    if (signed === "no")
      throw refuseSignIn("signature_invalid", "The message is not signed by the account that it names.");
    const stated = message.expirationTime === undefined ? Infinity : Date.parse(message.expirationTime);
    return { account, expiresAt: Math.min(stated, this.#now() + this.#limits.sessionLifetime) };
  }

  #read(text: string): SiweMessage {
    const message = parseSiweMessage(text);
    if (message === undefined) throw refuseSignIn("message_invalid", "This is no message of EIP-4361.");
    if (!this.nonces.consume(message.nonce)) {
      throw refuseSignIn("nonce_unknown", "This nonce was not issued here, was used before, or is too old.");
    }
    const { publicUrl, registry } = this.#options;
    const maxAge = this.#limits.nonceLifetime;
    checkSignIn(message, { publicUrl: publicUrl(), chainId: registry.chainId, now: this.#now(), maxAge });
    return message;
  }
}
