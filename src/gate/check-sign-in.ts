import { refuseSignIn } from "./refusal.ts";
import type { SiweMessage } from "./siwe-message.ts";

/** What a message must say to sign in here and now. */
export interface SignInPlace {
  /** Where users reach the gate: origin and path, without a slash at the end. */
  readonly publicUrl: string;
  readonly chainId: bigint;
  /** Unix time in milliseconds. */
  readonly now: number;
  /** How old a message may be, in milliseconds. */
  readonly maxAge: number;
}

// Clocks differ.
const CLOCK_SKEW = 60_000;

/** The address that a message must name as its URI: that of the sessions of this gate. */
export function signInUri(publicUrl: string): string {
  return `${publicUrl}/v1/session`;
}

/**
 * Checks what a message says; its nonce and its signature are checked elsewhere. Whatever it names must be this gate, so
 * that a message that was signed for another site, chain or time is worth nothing here.
 *
 * @throws {Refusal} 401, with the field that is not accepted
 */
export function checkSignIn(message: SiweMessage, { publicUrl, chainId, now, maxAge }: SignInPlace): void {
  const { protocol, host } = new URL(publicUrl);
  if (message.domain !== host || (message.scheme !== undefined && `${message.scheme}:` !== protocol)) {
    throw refuseSignIn("domain_mismatch", `The message is for another site; this is ${host}.`);
  }
  if (message.uri !== signInUri(publicUrl)) {
    throw refuseSignIn("uri_mismatch", `The message must name the URI ${signInUri(publicUrl)}.`);
  }
  if (message.chainId !== chainId) {
    throw refuseSignIn("chain_mismatch", `The message is for another chain; this is chain ${chainId}.`);
  }
  const issuedAt = Date.parse(message.issuedAt);
  if (issuedAt > now + CLOCK_SKEW) throw refuseSignIn("issued_in_future", "The message is issued in the future.");
  if (issuedAt < now - maxAge - CLOCK_SKEW) throw refuseSignIn("message_too_old", "The message is too old.");
  if (message.expirationTime !== undefined && Date.parse(message.expirationTime) <= now) {
    throw refuseSignIn("message_expired", "The message has expired.");
  }
  if (message.notBefore !== undefined && Date.parse(message.notBefore) > now) {
    throw refuseSignIn("message_not_yet_valid", "The message is not valid yet.");
  }
}
