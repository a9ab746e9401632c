import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { QueueDatabase } from "./queue-database.ts";

/** Longer than the database takes to restart: nobody loses the place by that. */
const HELD_SECONDS = 60;
const RENEW_MILLISECONDS = 5000;
const ASK_MILLISECONDS = 1000;

/**
 * Waits until no other process that shares the queue seals at a place, and holds it: whoever records for an account in a
 * registry does so alone, for it alone knows the account's next nonce. One that was killed loses the place within a minute.
 *
 * @param place - the registry and the account
 * @param onWait - called once where somebody else holds it
 * @returns a function that gives the place back
 */
export async function holdSeal(
  database: QueueDatabase,
  place: string,
  onWait: () => void,
): Promise<() => Promise<void>> {
  const holder = randomUUID();
  const take = async (): Promise<boolean> => {
    const rows = await database.query(
      `INSERT INTO provenance_work.sealer AS sealer (place, holder, until)
         VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
       ON CONFLICT (place) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
         WHERE sealer.holder = EXCLUDED.holder OR sealer.until < clock_timestamp()
       RETURNING holder`,
      [place, holder, HELD_SECONDS],
    );
    return rows.length > 0;
  };
  for (let tried = 0; !(await take()); tried++) {
    if (tried === 0) onWait();
    await sleep(ASK_MILLISECONDS);
  }
  const renewing = setInterval(() => void take().catch(() => undefined), RENEW_MILLISECONDS);
  return async () => {
    clearInterval(renewing);
    await database.query("DELETE FROM provenance_work.sealer WHERE place = $1 AND holder = $2", [place, holder]);
  };
}
