// Bounds what Ponder's connections for reading may take. Ponder itself lets a statement run for 30 seconds, gives each of its
// sorts and hashes 512 MiB, and reads whatever comes back into memory before it answers. It waits for a lock no longer than half
// a second: on a busy machine, a question asked while blocks are taken back failed.
import pg from "pg";

const TIMEOUT = 10_000;
const LOCK_TIMEOUT = 5000;
const MEMORY = "64MB";
// The server refuses what is larger than 8 MiB as JSON, which is longer than what the database sends.
const MOST_BYTES = 16 * 1024 * 1024;
// What Ponder says first on such a connection.
const SETTINGS = "SET work_mem";

const { query } = pg.Client.prototype;

pg.Client.prototype.query = function (text, ...more) {
  if (typeof text !== "string" || !text.includes(SETTINGS)) return query.call(this, text, ...more);
  boundAnswers(this.connection);
  const bounds = [
    `SET work_mem = '${MEMORY}'`,
    "SET hash_mem_multiplier = 1",
    `SET statement_timeout = ${TIMEOUT}`,
    `SET lock_timeout = ${LOCK_TIMEOUT}`,
  ];
  return query.call(this, `${text} ${bounds.join("; ")};`, ...more);
};

/** Breaks a connection on which an answer is too large: the query fails, and the pool opens another one. */
function boundAnswers(connection) {
  let taken = 0;
  connection.on("readyForQuery", () => (taken = 0));
  connection.stream.on("data", ({ length }) => {
    taken += length;
    if (taken > MOST_BYTES) connection.stream.destroy(new Error(`the answer is larger than ${MOST_BYTES} bytes`));
  });
}
