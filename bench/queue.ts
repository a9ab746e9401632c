import { link, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPostgres, startPostgres } from "../indexer/test/helpers/postgres.ts";
import { endProcess, startCommand } from "../indexer/test/helpers/running-command.ts";
import { type MeasuredRun, readProcessorTime, runMeasured } from "./import/run.ts";

/**
 * Hashes files by one worker of a queue and by two, of one thread each: how much faster two are, by the clock, and by the
 * processor time of the busier one, which says it where others share the machine. PostgreSQL is a cluster that is thrown away.
 *
 *   npm run bench:queue
 *   BENCH_FILES=32 npm run bench:queue
 */
const FILE_BYTES = 256 * 1024 * 1024;
const GOAL = 1.8;
const ROUNDS = 3;
const files = Number(process.env["BENCH_FILES"] ?? 96);
const programs = findPostgres();
if (programs === undefined) throw new Error("It takes PostgreSQL 15 or newer (.ci/install-peers).");
const folder = await mkdtemp(join(tmpdir(), "model-provenance-bench-"));
const postgres = await startPostgres(programs);
try {
  const names = Array.from({ length: files }, (_, i) => `weights-${i}.bin`);
  await writeFile(join(folder, "content"), Buffer.alloc(FILE_BYTES, "content"));
  // The same bytes under many names: each is a job, and all are in memory.
  for (const name of names) await link(join(folder, "content"), join(folder, name));
  await writeFile(join(folder, "models.json"), JSON.stringify(names));
  // Not measured: the first run brings the files into memory.
  const { stdout } = await hash();
  const [clock, processor, local]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    const [one, two, alone] = [await hashByWorkers(1, round), await hashByWorkers(2, round), await hash()];
    if ([one, two, alone].some((run) => run.stdout !== stdout)) throw new Error("The digests differ.");
    clock.push(one.seconds / two.seconds);
    local.push(one.seconds / alone.seconds);
    processor.push(one.busiest / two.busiest);
    const times = [one, two].map(
      ({ seconds, busiest }) => `${seconds.toFixed(1)} s (${busiest.toFixed(1)} s of processor)`,
    );
    console.log(`one worker ${times[0]}, two ${times[1]}`);
  }
  const verdict = median(clock) >= GOAL ? "met" : "missed";
  const faster = `two workers of one thread are ${median(clock).toFixed(2)} × as fast as one by the clock`;
  console.log(`${files} files of 256 MiB: ${faster} (goal ${GOAL} ×, ${verdict})`);
  console.log(`and ${median(processor).toFixed(2)} × by the processor time of the busier one`);
  console.log(`all cores of this machine without a queue are ${median(local).toFixed(2)} × as fast as one worker`);
} finally {
  await postgres.close();
  await rm(folder, { recursive: true });
}

async function hash(...args: string[]): Promise<MeasuredRun> {
  const run = await runMeasured(["hash", "--batch", join(folder, "models.json"), "--json", ...args], {});
  if (run.exitCode !== 0) throw new Error(run.stderr);
  return run;
}

/** The time from the first question to the last answer, with workers that are there already. */
async function hashByWorkers(count: number, round: number): Promise<MeasuredRun & { readonly busiest: number }> {
  const queue = await postgres.createDatabase(`bench${round}_${count}`);
  const start = () => startCommand(["worker", "--queue", queue, "--files", folder, "--threads", "1"]);
  const workers = Array.from({ length: count }, start);
  try {
    await Promise.all(workers.map(async (worker) => worker.says(/waiting/)));
    const timesOf = async () =>
      Promise.all(workers.map(async ({ process: { pid } }) => readProcessorTime(pid as number)));
    const before = await timesOf();
    const run = await hash("--queue", queue);
    const after = await timesOf();
    return { ...run, busiest: Math.max(...after.map((time, i) => time - (before[i] as number))) };
  } finally {
    await Promise.all(workers.map(async (worker) => endProcess(worker, "SIGKILL")));
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
