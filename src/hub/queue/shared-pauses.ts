import { setTimeout as sleep } from "node:timers/promises";
import type { Hub } from "../hub.ts";
import { hubAccount } from "./hub-account.ts";
import type { Pauses } from "../rate-limit.ts";
import type { QueueDatabase } from "../../queue/queue-database.ts";

/** Requests a second: 900 in the five minutes for which the Hub allows a stranger 1 000 (as of 2026-11). */
const POLITE_RATE = 3;

/**
 * Gives all processes that ask a Hub with one token their turns together: so many requests a second of each kind, and none
 * while the Hub asked one of them to wait.
 *
 * @param rate - requests a second, from now on for all of them; what was said last holds where it is left out
 * @param onWait - called when the Hub asked to wait
 */
export async function createSharedPauses(
  database: QueueDatabase,
  hub: Pick<Hub, "endpoint" | "accessToken">,
  rate: number | undefined,
  onWait: (milliseconds: number) => void = () => undefined,
): Promise<Pauses> {
  const account = hubAccount(hub);
  if (rate !== undefined) {
    await database.query(
      `INSERT INTO provenance_work.rate VALUES ($1, $2) ON CONFLICT (account) DO UPDATE SET per_second = EXCLUDED.per_second`,
      [account, rate],
    );
  }
  return {
    over: async (bucket) => {
      const [row] = await database.query(
        `WITH said AS (SELECT per_second FROM provenance_work.rate WHERE account = $1),
              pace AS (SELECT make_interval(secs => 1 / coalesce((SELECT per_second FROM said), $3::float8)) AS step)
         INSERT INTO provenance_work.turn AS turn (account, bucket, next) SELECT $1, $2, clock_timestamp() + step FROM pace
         ON CONFLICT (account, bucket) DO UPDATE
           SET next = greatest(turn.next, clock_timestamp()) + (SELECT step FROM pace)
         RETURNING extract(epoch FROM next - (SELECT step FROM pace) - clock_timestamp()) AS wait`,
        [account, bucket, POLITE_RATE],
      );
      const wait = Number(row?.["wait"] ?? 0) * 1000;
      if (wait > 0) await sleep(wait);
    },
    add: async (bucket, milliseconds) => {
      onWait(milliseconds);
      await database.query(
        `INSERT INTO provenance_work.turn AS turn (account, bucket, next)
           VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
         ON CONFLICT (account, bucket) DO UPDATE SET next = greatest(turn.next, EXCLUDED.next)`,
        [account, bucket, milliseconds / 1000],
      );
    },
  };
}
