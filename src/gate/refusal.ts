/** Why a request was not answered as it asked. What it says is all that a client, or the audit log, learns. */
export class Refusal extends Error {
  readonly status: number;
  /** For programs: lower case and underscores. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Refusal";
    this.status = status;
    this.reason = reason;
  }
}

/** A sign-in that was not accepted. */
export function refuseSignIn(reason: string, message: string): Refusal {
  return new Refusal(401, reason, message);
}
