/** One line of the audit log: who asked for what, when, and what came of it. Never a secret of a session. */
export interface AuditEntry {
  /** RFC 3339, in UTC. */
  readonly time: string;
  readonly event: "sign-in" | "sign-out" | "session" | "list" | "download" | "inference" | "receipt" | "other";
  /** With EIP-55 checksum; absent where nobody was signed in. */
  readonly account?: string;
  /** 0x-hex of 32 bytes. */
  readonly tokenId: string;
  readonly method: string;
  /** The file's name, or the path without its query. */
  readonly path: string;
  readonly status: number;
  /** `ok`, the reason of a refusal, or `aborted` where the answer did not reach its end. */
  readonly outcome: string;
  /** Bytes of the file that were handed to the connection. */
  readonly bytes?: number;
  /** The address that the connection came from. */
  readonly client: string;
}

/** Where the audit log goes. */
export interface AuditLog {
  readonly write: (entry: AuditEntry) => void;
  /** Whether everything so far was written: what cannot be audited is not served. */
  readonly isHealthy: () => boolean;
}

const MAX_PATH = 1024;

/** One line of JSON: whatever a client sent, it cannot begin another line. */
export function formatAuditEntry(entry: AuditEntry): string {
  const path = entry.path.length > MAX_PATH ? `${entry.path.slice(0, MAX_PATH)}…` : entry.path;
  return JSON.stringify({ ...entry, path }).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, "0")}`;
  });
}
