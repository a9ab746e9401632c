/** What is said of a model now, in the order of the contract's `Status`. */
export const STATUSES = ["active", "deprecated", "revoked"] as const;
/** One of {@link STATUSES}. */
export type Status = (typeof STATUSES)[number];
