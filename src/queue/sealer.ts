import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ProvenanceError } from "../base/errors.ts";
import type { QueueDatabase } from "./queue-database.ts";

/** Longer than the database takes to restart: nobody loses the place by that. */
const HELD_SECONDS = 60;
const RENEW_MILLISECONDS = 5000;
const ASK_MILLISECONDS = 1000;

/** The place of the one who records for an account in a registry. */
export interface Seal {
  /** Whether somebody of another state had it before, or never gave it back: what was sent may still be on its way. */
  readonly isTakenOver: boolean;
  /**
   * Makes sure, before something is sent, that nobody else was let in meanwhile.
   *
   * @throws {ProvenanceError} `SEAL_LOST`; the database's errors
   */
  readonly assertHeld: () => Promise<void>;
  /** Gives the place back. */
  readonly release: () => Promise<void>;
}

/** Which place is wanted, and by whom. */
export interface SealRequest {
  /** The registry and the account. */
  readonly place: string;
  /** Names the state in which is written what its owner sent: whoever has that finds it again by itself. */
  readonly state: string;
  /** Called once where somebody else holds the place. */
  readonly onWait: () => void;
}

/**
 * Waits until no other process that shares the queue seals at a place, and holds it: whoever records for an account in a
 * registry does so alone, for it alone knows the account's next nonce. One that gives no sign of life, because it was killed
 * or stands still, loses the place within a minute; should it go on after that, it finds out before it sends anything.
 */
export async function holdSeal(database: QueueDatabase, { place, state, onWait }: SealRequest): Promise<Seal> {
  const holder = `${state} ${randomUUID()}`;
  let before = await take(database, place, holder);
  if (before === undefined) onWait();
  while (before === undefined) {
    await sleep(ASK_MILLISECONDS);
    before = await take(database, place, holder);
  }
  const renewing = setInterval(() => void renew(database, place, holder).catch(() => undefined), RENEW_MILLISECONDS);
  return {
    // Where the answer to the first question was lost, nobody knows any more who was there.
    isTakenOver: before === holder || (before !== "" && !before.startsWith(`${state} `)),
    assertHeld: async () => {
      if (!(await renew(database, place, holder))) throw lost();
    },
    release: async () => {
      clearInterval(renewing);
      // The row stays: whoever comes next knows that somebody was there.
      await database.query("UPDATE provenance_work.sealer SET until = '-infinity' WHERE place = $1 AND holder = $2", [
        place,
        holder,
      ]);
    },
  };
}

/** @returns who had the place before, nobody being an empty text; undefined where it is held */
async function take(database: QueueDatabase, place: string, holder: string): Promise<string | undefined> {
  const [row] = await database.query(
    `WITH before AS (SELECT holder FROM provenance_work.sealer WHERE place = $1)
     INSERT INTO provenance_work.sealer AS sealer (place, holder, until)
       VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
     ON CONFLICT (place) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
       WHERE sealer.holder = EXCLUDED.holder OR sealer.until < clock_timestamp()
     RETURNING coalesce((SELECT holder FROM before), '') AS before`,
    [place, holder, HELD_SECONDS],
  );
  return row && String(row["before"]);
}

/** Never takes the place from, or after, somebody else. @returns whether it is still held */
async function renew(database: QueueDatabase, place: string, holder: string): Promise<boolean> {
  const rows = await database.query(
    `UPDATE provenance_work.sealer SET until = clock_timestamp() + make_interval(secs => $3)
       WHERE place = $1 AND holder = $2 RETURNING holder`,
    [place, holder, HELD_SECONDS],
  );
  return rows.length > 0;
}

function lost(): ProvenanceError {
  const text =
    "This process gave no sign of life for a minute, and another one records for this account since then. Nothing was sent " +
    "after that. Run again: what is recorded by then is found, and not recorded again.";
  return new ProvenanceError("SEAL_LOST", text);
}
