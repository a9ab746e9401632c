import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Hub } from "../hub.ts";
import type { Pauses } from "../rate-limit.ts";
import type { QueueDatabase } from "./queue-database.ts";

/**
 * Gives all processes that ask a Hub with one token their turns together: so many requests a second of each kind, and none
 * while the Hub asked one of them to wait.
 *
 * @param rate - requests a second
 * @param onWait - called when the Hub asked to wait
 */
export function createSharedPauses(
  database: QueueDatabase,
  { endpoint, accessToken }: Pick<Hub, "endpoint" | "accessToken">,
  rate: number,
  onWait: (milliseconds: number) => void = () => undefined,
): Pauses {
  // The token itself is nobody's business in the database.
  const account = createHash("sha256")
    .update(`${endpoint}\n${accessToken ?? ""}`)
    .digest("hex")
    .slice(0, 32);
  const step = 1 / rate;
  return {
    over: async (bucket) => {
      const [row] = await database.query(
        `INSERT INTO provenance_work.turn AS turn (account, bucket, next)
           VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
         ON CONFLICT (account, bucket) DO UPDATE
           SET next = greatest(turn.next, clock_timestamp()) + make_interval(secs => $3)
         RETURNING extract(epoch FROM next - clock_timestamp()) - $3 AS wait`,
        [account, bucket, step],
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
