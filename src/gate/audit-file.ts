import { appendFileSync } from "node:fs";
import { type AuditEntry, type AuditLog, formatAuditEntry } from "./audit.ts";

const OWNER_ALONE = 0o600;

/**
 * Appends the audit log to a file, a line at once, so that it may be moved away at any time. While it cannot be written
 * the log is not healthy, and a gate serves nothing.
 *
 * @param onFailure - told once for each time that writing begins to fail
 */
export function openAuditFile(path: string, onFailure: (error: Error) => void): AuditLog {
  let healthy = true;
  const append = (text: string) => {
    try {
      appendFileSync(path, text, { mode: OWNER_ALONE });
      healthy = true;
    } catch (error) {
      if (healthy) onFailure(error as Error);
      healthy = false;
    }
  };
  append("");
  return {
    write: (entry: AuditEntry) => append(`${formatAuditEntry(entry)}\n`),
    isHealthy: () => {
      if (!healthy) append("");
      return healthy;
    },
  };
}
