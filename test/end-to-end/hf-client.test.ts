import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { hashModel } from "../../src/model/hash-model.ts";
import { hubRepo, lfsFile } from "../helpers/servers/hub-repo.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { downloadByHand, useHub } from "../helpers/use-hub.ts";

const run = promisify(execFile);

describe("models that the Hub's own client downloads", function () {
  const temporary = useTemporaryFolder();
  const hub = useHub();
  const repo = hubRepo("acme/bert", {
    "config.json": "{}",
    "README.md": "# A model\n",
    "model.safetensors": lfsFile("weights"),
    "onnx/model.onnx": lfsFile("graph"),
    ".gitattributes": "*.safetensors filter=lfs",
  });

  before(function () {
    if (spawnSync("hf", ["version"], { env: environment() }).status === 0) return;
    console.log("    skipped: there is no hf on the PATH (pip install huggingface_hub)");
    this.skip();
  });

  /** Nothing of the caller's own set-up counts, and no address but the replay server's is asked. */
  function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const quiet = {
      HF_HUB_DISABLE_TELEMETRY: "1",
      HF_HUB_DISABLE_XET: "1",
      HF_HUB_DISABLE_PROGRESS_BARS: "1",
      NO_COLOR: "1",
    };
    return { PATH: process.env["PATH"], HOME: temporary.path("home"), ...quiet, ...more };
  }

  async function download(...options: string[]): Promise<string> {
    hub.server().add(repo);
    const env = environment({ HF_ENDPOINT: hub.server().url, HF_HUB_CACHE: temporary.path("cache") });
    const { stdout } = await run("hf", ["download", repo.id, ...options], { env });
    return stdout.trim().split("\n").at(-1) as string;
  }

  it("have the digests of their files, by --local-dir", async function () {
    this.timeout(60_000);
    await download("--local-dir", temporary.path("local"));
    const downloaded = await hashModel(temporary.path("local"));
    const plain = await hashModel(await downloadByHand(repo, temporary.path("plain")));
    expect(downloaded.modelDigest).to.equal(plain.modelDigest);
    expect(downloaded.excluded).to.deep.include({ name: ".cache/huggingface", reason: "download cache" });
    expect(downloaded.warnings).to.deep.equal([]);
  });

  it("have them in the client's cache as well", async function () {
    this.timeout(60_000);
    await download();
    const commit = repo.commits.at(-1)?.sha as string;
    const snapshot = temporary.path("cache", `models--acme--bert/snapshots/${commit}`);
    const cached = await hashModel(snapshot, { hfCache: true });
    const plain = await hashModel(await downloadByHand(repo, temporary.path("plain")));
    expect(cached.modelDigest).to.equal(plain.modelDigest);
  });
});
