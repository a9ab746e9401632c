import type { Access } from "./access.ts";
import { Refusal } from "./refusal.ts";
import type { Session, Sessions } from "./sessions.ts";

const BEARER = /^Bearer ([A-Za-z0-9_-]{43})$/i;

/** Lets those in who are signed in and may still use the model. */
export class Gatekeeper {
  readonly sessions: Sessions;
  readonly access: Access;

  constructor(sessions: Sessions, access: Access) {
    this.sessions = sessions;
    this.access = access;
  }

  /** Who sends a request, by its Authorization header; undefined where nobody is signed in. */
  identify(authorization: string | undefined): Session | undefined {
    const secret = BEARER.exec(authorization ?? "")?.[1];
    return secret === undefined ? undefined : this.sessions.find(secret);
  }

  /**
   * Lets a session in, or ends it where the account may not use the model any longer.
   *
   * @throws {Refusal} 401 where nobody is signed in, 403 where access was lost, 503 where the chain does not answer
   */
  async admit(session: Session | undefined): Promise<Session> {
    if (session === undefined || !this.sessions.isAlive(session)) {
      throw new Refusal(401, "session_missing", "Sign in first: there is no session, or it has expired.");
    }
    if (await this.access.isAllowed(session.account)) return session;
    this.sessions.end(session);
    throw accessDenied();
  }

  /**
   * Passes an answer on piece by piece, for as long as the account may use the model: a token that is transferred, or a
   * grant that ends, ends a download as well. Each answer asks for itself: a denial that somebody else was given, as another
   * download or a sign-in of the account, is one for this answer too.
   */
  async *guard(session: Session, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      if (!(await this.access.isAllowed(session.account))) {
        this.sessions.end(session);
        throw accessDenied();
      }
      yield piece;
    }
  }
}

/** The refusal of who may not use the model. */
export function accessDenied(): Refusal {
  return new Refusal(
    403,
    "access_denied",
    "This account neither owns the token nor holds a grant or a licence that is in force.",
  );
}
