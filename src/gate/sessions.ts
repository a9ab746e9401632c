import { createHash, randomBytes } from "node:crypto";

const MAX_SESSIONS = 100_000;
const MAX_OF_ONE_ACCOUNT = 16;
const SECRET_BYTES = 32;

/** Somebody who signed in. */
export interface Session {
  /** SHA-256 of the secret: nothing here can be used to be somebody else. */
  readonly id: string;
  /** With EIP-55 checksum. */
  readonly account: string;
  /** Unix time in milliseconds. */
  readonly expiresAt: number;
}

/** Who is signed in. Kept in memory: a restart ends all sessions. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;

  /** @param now - Unix time in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Begins a session. @returns it, and the secret that only its owner ever has: 43 characters of base64url */
  begin(account: string, expiresAt: number): { session: Session; secret: string } {
    this.#makeRoom(account);
    const secret = randomBytes(SECRET_BYTES).toString("base64url");
    const session = { id: idOf(secret), account, expiresAt };
    this.#sessions.set(session.id, session);
    return { session, secret };
  }

  /** Finds the session of a secret; undefined for one that is over. */
  find(secret: string): Session | undefined {
    const session = this.#sessions.get(idOf(secret));
    return session !== undefined && this.isAlive(session) ? session : undefined;
  }

  /** Tells whether a session goes on. */
  isAlive({ id, expiresAt }: Session): boolean {
    return this.#sessions.has(id) && expiresAt > this.#now();
  }

  /** Ends a session. */
  end({ id }: Session): void {
    this.#sessions.delete(id);
  }

  #makeRoom(account: string): void {
    let own = [...this.#sessions.values()].filter((session) => session.account === account).length;
    for (const session of this.#sessions.values()) {
      const isOldest = session.account === account && own >= MAX_OF_ONE_ACCOUNT;
      if (!isOldest && session.expiresAt > this.#now() && this.#sessions.size < MAX_SESSIONS) continue;
      this.#sessions.delete(session.id);
      if (session.account === account) own--;
    }
  }
}

function idOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
