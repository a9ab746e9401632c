/** The queues: models of the Hub that are to be read, and files that are to be hashed. */
export const QUEUES = ["model", "file"] as const;
/** One of {@link QUEUES}. */
export type QueueName = (typeof QUEUES)[number];

/**
 * What stands beside the jobs. Workers begin at once: one makes the tables, in one transaction, and the others wait. A result
 * is `json`, for `jsonb` has an order of its own, and what is read here and what a worker read shall be the same, byte for byte.
 */
export const QUEUE_TABLES = `
SELECT pg_advisory_xact_lock(7308332182897584756);
CREATE SCHEMA IF NOT EXISTS provenance_work;
CREATE TABLE IF NOT EXISTS provenance_work.result (
  key text PRIMARY KEY, queue text NOT NULL, ok boolean NOT NULL, value json NOT NULL, at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS result_at ON provenance_work.result (at);
CREATE TABLE IF NOT EXISTS provenance_work.turn (
  account text NOT NULL, bucket text NOT NULL, next timestamptz NOT NULL, PRIMARY KEY (account, bucket)
);
ALTER TABLE provenance_work.turn ADD COLUMN IF NOT EXISTS pause timestamptz NOT NULL DEFAULT '-infinity';
CREATE TABLE IF NOT EXISTS provenance_work.rate (account text PRIMARY KEY, per_second float8 NOT NULL);
CREATE TABLE IF NOT EXISTS provenance_work.sealer (
  place text PRIMARY KEY, holder text NOT NULL, until timestamptz NOT NULL
)`;

const COMMON = {
  // A key waits or runs once, however many ask for it.
  policy: "exclusive",
  retryLimit: 6,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 300,
  // A worker that was killed gives no sign of life: its jobs go to others.
  heartbeatSeconds: 10,
  deleteAfterSeconds: 3600,
} as const;

/** How pg-boss keeps each queue. A file of many terabytes takes hours. */
export const QUEUE_OPTIONS = {
  model: { ...COMMON, expireInSeconds: 3600 },
  file: { ...COMMON, expireInSeconds: 86_000 },
} as const;
