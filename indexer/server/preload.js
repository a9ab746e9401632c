// Runs in Ponder's process before it does.

import "./bound-reader.js";

// It ends with the server that started it, even where that was killed. One that went on would hold the database.
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();

// PGlite does not notice a second process that opens its folder, and both then write into it.
const folder = process.env.INDEXER_DATA;
if (folder !== undefined) {
  const { acquireLock } = await import("../../dist/src/index.js");
  await acquireLock(`${folder}.lock`, () => console.error(`another process uses ${folder}: waiting until it ends`));
}
