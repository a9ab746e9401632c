import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { expect } from "chai";
import { acquireLock } from "../../../src/base/lock.ts";
import { identifySelf } from "../../../src/base/process-identity.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const LOCK = new URL("../../../src/base/lock.ts", import.meta.url).href;

/** A process that takes the lock again and again, writes when it has it and when it lets go, and may die with it. */
const WORKER = `
  import { appendFileSync } from "node:fs";
  const { acquireLock } = await import(${JSON.stringify(LOCK)});
  const [folder, log, turns, diesAt] = process.argv.slice(1);
  for (let turn = 1; turn <= Number(turns); turn++) {
    const release = await acquireLock(folder);
    appendFileSync(log, process.pid + " has\\n");
    if (turn === Number(diesAt)) process.kill(process.pid, "SIGKILL");
    await new Promise((resolve) => setImmediate(resolve));
    appendFileSync(log, process.pid + " lets\\n");
    await release();
  }`;

function startWorker(folder: string, log: string, turns: number, diesAt = 0) {
  const args = ["--input-type=module", "--eval", WORKER, folder, log, String(turns), String(diesAt)];
  return spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
}

describe("acquireLock", function () {
  const temporary = useTemporaryFolder();

  it("lets one after the other in", async function () {
    const folder = temporary.path("lock");
    let holders = 0;
    let most = 0;
    const take = async () => {
      const release = await acquireLock(folder);
      most = Math.max(most, ++holders);
      await appendFile(temporary.path("work"), "x");
      holders--;
      await release();
    };
    await Promise.all(Array.from({ length: 12 }, take));
    expect(most).to.equal(1);
    expect((await readdir(folder)).filter((name) => name.startsWith("."))).to.deep.equal([]);
  });

  it("keeps processes apart, those that are killed while they hold it included", async function () {
    const [folder, log] = [temporary.path("lock"), temporary.path("log")];
    const workers = [startWorker(folder, log, 6), startWorker(folder, log, 6, 3), startWorker(folder, log, 6, 5)];
    await Promise.all(workers.map(async (worker) => once(worker, "close")));
    const lines = (await readFile(log, "utf8")).trim().split("\n");
    let holder: string | undefined;
    const killed = new Set([workers[1]?.pid, workers[2]?.pid].map(String));
    for (const line of lines) {
      const [pid, what] = line.split(" ") as [string, string];
      if (what === "lets") expect(pid).to.equal(holder);
      else if (holder !== undefined) expect(killed.has(holder), `${pid} while ${holder} had it`).to.equal(true);
      holder = what === "has" ? pid : undefined;
    }
    expect(lines.filter((line) => line.endsWith("has"))).to.have.length(6 + 3 + 5);
  });

  it("takes over from a process that is gone, and from a later one with its number", async function () {
    const folder = temporary.path("lock");
    const gone = spawn(process.execPath, ["--eval", ""]);
    await once(gone, "close");
    await mkdir(folder);
    for (const holder of [
      { host: hostname(), pid: gone.pid, started: "" },
      { ...(await identifySelf()), started: "another boot:1" },
    ]) {
      const newest = (await readdir(folder)).map(Number).sort((a, b) => b - a)[0] ?? 0;
      await writeFile(`${folder}/${newest + 1}`, JSON.stringify(holder));
      await (
        await acquireLock(folder)
      )();
    }
  });

  it("waits for a process of another machine, and names it", async function () {
    const folder = temporary.path("lock");
    await mkdir(folder);
    const holder = { host: "elsewhere.example", pid: 1, started: "" };
    await writeFile(`${folder}/1`, JSON.stringify(holder));
    let told: unknown;
    const release = await acquireLock(folder, (who) => {
      told = who;
      void writeFile(`${folder}/1`, ""); // It lets go.
    });
    expect(told).to.deep.equal(holder);
    await release();
  });

  it("is free where the holder's file was cut short by a power cut", async function () {
    const folder = temporary.path("lock");
    await mkdir(folder);
    await writeFile(`${folder}/7`, '{"host":"a');
    await (
      await acquireLock(folder)
    )();
    expect(await readdir(folder)).to.include("8");
  });

  it("does not grow with use", async function () {
    const folder = temporary.path("lock");
    for (let turn = 0; turn < 30; turn++) await (await acquireLock(folder))();
    expect((await readdir(folder)).length).to.be.at.most(10);
  });
});
