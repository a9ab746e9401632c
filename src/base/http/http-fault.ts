/** Why a request came to nothing. */
export class HttpFault extends Error {
  /** `unavailable`: it may work at another time; `refused`: it will not; `oversize`: more bytes than allowed. */
  readonly kind: "unavailable" | "refused" | "oversize";
  /** Worth another try at once: the connection broke, and time was not what ran out. */
  readonly again: boolean;

  /** @param text - one clause, to follow the server's name; without secrets */
  constructor(kind: HttpFault["kind"], text: string, again = false) {
    super(text);
    this.kind = kind;
    this.again = again;
  }
}
