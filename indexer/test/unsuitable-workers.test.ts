import { expect } from "chai";
import { createRepos } from "../../bench/import/models.ts";
import { hubRepo } from "../../test/helpers/servers/hub-repo.ts";
import { HUB_TOKEN, startHub } from "../../test/helpers/servers/hub.ts";
import { useTemporaryFolder } from "../../test/helpers/temporary-folder.ts";
import type { RunningCommand } from "./helpers/running-command.ts";
import { useQueue } from "./helpers/use-queue.ts";

const MODELS = 5;

describe("work that waits in a queue", function () {
  this.timeout(120_000);
  const temporary = useTemporaryFolder();
  const queue = useQueue();
  let hub: Awaited<ReturnType<typeof startHub>>;

  before(async function () {
    const gated = hubRepo("x/gated", { "config.json": "{}" }, {}, { access: "gated" });
    hub = await startHub({ repos: [...createRepos(MODELS), gated] });
  });

  after(async function () {
    await hub?.close();
  });

  const importing = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    queue.start(["import", "--dry-run", "--json", ...args], {
      HF_ENDPOINT: hub.url,
      HF_RATE: "1000",
      IMPORT_STATE: temporary.path("import.jsonl"),
      MODELS_CSV: temporary.path("models.csv"),
      ...environment,
    });
  const importAll = () => importing(["--author", "bench"]);
  const worker = (environment: Readonly<Record<string, string>> = {}) =>
    queue.start(["worker", "--drain"], { HF_ENDPOINT: hub.url, ...environment });
  const expectRead = async ({ ended, said, printed }: RunningCommand, models = MODELS) => {
    expect(await ended, said() + printed()).to.equal(0);
    expect(JSON.parse(printed())).to.deep.include({ selected: models, failed: [] });
  };

  it("is said to have no worker, where it has none", async function () {
    const waiting = importAll();
    await waiting.says(
      /No worker takes the models that wait in the queue\. Start one.*model-provenance worker --queue/,
    );
    const done = worker();
    expect(await done.ended, done.said()).to.equal(0);
    await expectRead(waiting);
    expect(waiting.said().match(/No worker/g)).to.have.length(1);
  });

  it("is left to others by a worker that asks another Hub", async function () {
    const waiting = importAll();
    await waiting.says(/No worker/);
    const elsewhere = worker({ HF_ENDPOINT: "http://127.0.0.1:1" });
    expect(await elsewhere.ended).to.equal(2);
    expect(elsewhere.said()).to.match(/WORKER_MISMATCHED.*asks the Hub at .*Set HF_ENDPOINT alike/);
    const done = worker();
    expect(await done.ended, done.said()).to.equal(0);
    await expectRead(waiting);
  });

  it("is left to others by a worker of another version", async function () {
    const waiting = importAll();
    await waiting.says(/No worker/);
    const mark = async (version: string) =>
      queue.query(`UPDATE pgboss.job SET data = data || '{"version": "${version}"}' WHERE name = 'model'`);
    const version = await queue.query("SELECT data->>'version' FROM pgboss.job WHERE name = 'model' LIMIT 1");
    await mark("0.0.1");
    const older = worker();
    expect(await older.ended).to.equal(2);
    expect(older.said()).to.match(/put there by version 0\.0\.1 of this command.*same version on all machines/);
    await mark(version.trim());
    const done = worker();
    expect(await done.ended, done.said()).to.equal(0);
    await expectRead(waiting);
  });

  it("is handed back by a worker that may not see it, and whose token is another one", async function () {
    const waiting = importing(["--models", "x/gated"], { HF_TOKEN: HUB_TOKEN });
    const stranger = queue.start(["worker"], { HF_ENDPOINT: hub.url });
    await stranger.says(/handed back: .*gated/);
    stranger.process.kill("SIGTERM");
    await stranger.ended;
    const done = worker({ HF_TOKEN: HUB_TOKEN });
    expect(await done.ended, done.said()).to.equal(0);
    await expectRead(waiting, 1);
  });

  it("is tried again where it was given up", async function () {
    const first = importAll();
    await first.says(/No worker/);
    await queue.query("UPDATE pgboss.job SET state = 'failed' WHERE name = 'model'");
    await first.ended;
    expect((JSON.parse(first.printed()) as { failed: unknown[] }).failed).to.have.length(MODELS);
    const second = importAll();
    await second.says(/No worker/); // by then it was asked what was given up
    const done = worker();
    expect(await done.ended, done.said()).to.equal(0);
    await expectRead(second);
  });

  for (const [what, environment, code] of [
    ["the chain cannot be reached", { RPC_URL: "http://127.0.0.1:1" }, 4],
    ["the token is none", { HF_TOKEN: "secret" }, 2],
  ] as const) {
    it(`keeps nobody who ends because ${what}`, async function () {
      const ended = queue.start(["import", "--author", "bench"], { HF_ENDPOINT: hub.url, ...environment });
      expect(await ended.ended, ended.said()).to.equal(code);
    });
  }
});
