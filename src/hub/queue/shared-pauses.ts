import { setTimeout as sleep } from "node:timers/promises";
import type { Hub } from "../hub.ts";
import { hubAccount } from "./hub-account.ts";
import type { HubBucket, Pauses } from "../rate-limit.ts";
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
  /** Takes the next turn. @returns the milliseconds until it comes */
  const takeTurn = async (bucket: HubBucket): Promise<number> => {
    const [row] = await database.query(
      `WITH said AS (SELECT per_second FROM provenance_work.rate WHERE account = $1),
            pace AS (SELECT make_interval(secs => 1 / coalesce((SELECT per_second FROM said), $3::float8)) AS step)
       INSERT INTO provenance_work.turn AS turn (account, bucket, next) SELECT $1, $2, clock_timestamp() + step FROM pace
       ON CONFLICT (account, bucket) DO UPDATE
         SET next = greatest(turn.next, turn.pause, clock_timestamp()) + (SELECT step FROM pace)
       RETURNING extract(epoch FROM next - (SELECT step FROM pace) - clock_timestamp()) AS wait`,
      [account, bucket, POLITE_RATE],
    );
    return Math.max(0, Number(row?.["wait"] ?? 0) * 1000);
  };
  const isPaused = async (bucket: HubBucket): Promise<boolean> => {
    const rows = await database.query(
      "SELECT FROM provenance_work.turn WHERE account = $1 AND bucket = $2 AND pause > clock_timestamp()",
      [account, bucket],
    );
    return rows.length > 0;
  };
  return {
    over: async (bucket) => {
      for (;;) {
        const wait = await takeTurn(bucket);
        if (wait === 0) return;
        await sleep(wait);
        // A turn that was taken before the Hub asked to wait is worth nothing.
        if (!(await isPaused(bucket))) return;
      }
    },
    add: async (bucket, milliseconds) => {
      onWait(milliseconds);
      await database.query(
        `INSERT INTO provenance_work.turn AS turn (account, bucket, next, pause)
           SELECT $1, $2, until, until FROM (SELECT clock_timestamp() + make_interval(secs => $3) AS until) AS asked
         ON CONFLICT (account, bucket) DO UPDATE
           SET pause = greatest(turn.pause, EXCLUDED.pause), next = greatest(turn.next, EXCLUDED.pause)`,
        [account, bucket, milliseconds / 1000],
      );
    },
  };
}
