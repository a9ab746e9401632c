import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { makeArweaveKey } from "../helpers/arweave-key.ts";
import { startChain } from "../helpers/json-rpc-server.ts";
import { type ScriptResult, runScript } from "../helpers/run-script.ts";
import { type FakeArweave, arweaveAddress, startArweave } from "../helpers/servers/arweave.ts";
import { type FakePinata, PINATA_JWT, startPinata } from "../helpers/servers/pinata.ts";
import { type FakePinningService, PSA_TOKEN, startPinningService } from "../helpers/servers/pinning-service.ts";

const CHAIN_ID = 1337;

describe("scripts with remote stores", function () {
  let folder: string;
  let environment: Record<string, string>;
  let pinata: FakePinata;
  let service: FakePinningService;
  let arweave: FakeArweave;
  let closeChain: () => Promise<void>;

  before(async function () {
    const chain = await startChain(CHAIN_ID);
    closeChain = chain.close;
    [pinata, service, arweave] = await Promise.all([startPinata(), startPinningService(), startArweave()]);
    service.lifecycle = ["queued", "pinned"];
    service.provides = pinata.provides;
    folder = await mkdtemp(join(tmpdir(), "model-provenance-"));
    const key = makeArweaveKey();
    arweave.balances.set(arweaveAddress(key.n), 10n ** 12n);
    await writeFile(join(folder, "key.json"), JSON.stringify(key));
    environment = {
      IGNITION_PATH: join(folder, "ignition"),
      LOCALHOST_RPC_URL: chain.url,
      STORE_PATH: join(folder, "store"),
      MODEL_LICENSE: "mit",
      OUTPUT_FORMAT: "json",
      DEBUG: "1",
      PINATA_JWT,
      PINATA_API_URL: pinata.api,
      PINATA_UPLOAD_URL: pinata.api,
      PINATA_GATEWAY: pinata.url,
      PSA_URL: service.endpoint,
      PSA_TOKEN,
      ARWEAVE_KEY_FILE: join(folder, "key.json"),
      ARWEAVE_URL: arweave.url,
    };
    expectExit(await run("deploy"), 0);
  });

  after(async function () {
    await Promise.all([closeChain(), pinata.close(), service.close(), arweave.close()]);
    await rm(folder, { recursive: true });
  });

  const run = async (verb: string, more: Record<string, string> = {}) => {
    const result = await runScript(verb, "localhost", { ...environment, ...more });
    expect(result.stdout + result.stderr).not.to.include(PINATA_JWT);
    expect(result.stdout + result.stderr).not.to.include(PSA_TOKEN);
    return result;
  };
  const makeModel = async (name: string) => {
    const path = join(folder, `${name}.bin`);
    await writeFile(path, `the weights of ${name}`);
    return path;
  };
  const cidOf = (uri: string) => uri.slice("ipfs://".length);

  it("mint with Pinata: metadata and picture are on the public network, under our CIDs", async function () {
    const minted = await run("mint", { MODEL_PATH: await makeModel("one"), STORE: "pinata" });
    expectExit(minted, 0);
    const { uri, existing } = JSON.parse(minted.stdout) as { uri: string; existing: boolean };
    expect(existing).to.equal(false);
    expect(pinata.pinned.has(cidOf(uri))).to.equal(true);
    expect(pinata.pinned.size).to.equal(2);
    expect(pinata.missing).to.deep.equal([]);
  });

  it("mint nothing where Pinata refuses, and go on once it does not", async function () {
    const model = { MODEL_PATH: await makeModel("two"), STORE: "pinata" };
    pinata.fail("POST /v3/files", { status: 403, body: { error: `no scope for Bearer ${PINATA_JWT}` } });
    const refused = await run("mint", model);
    expectExit(refused, 2);
    expect(refused.stderr).to.match(/error\[STORE_REFUSED\]: Pinata answered 403 .*Files: Write and Files: Read/);
    expectExit(await run("verify", model), 3);

    pinata.fail("POST /v3/files", { status: 429, headers: { "Retry-After": "0" } }, "lose");
    expectExit(await run("mint", model), 0);
  });

  it("pin in several stores, name the one that failed, and repeat only what is missing", async function () {
    const model = { MODEL_PATH: await makeModel("three"), STORE: "pinata,psa", PSA_TIMEOUT: "60" };
    service.provides = () => false;
    const failed = await run("pin", model);
    expectExit(failed, 4);
    expect(failed.stderr).to.match(/error\[STORE_FAILED\]: baf\w+ is pinned in pinata, not in psa: .*could not pin/);
    const uploads = () => pinata.routes().filter((route) => route === "POST /v3/files").length;
    const before = uploads();

    service.provides = pinata.provides;
    const pinned = await run("pin", model);
    expectExit(pinned, 0);
    const { uri, store } = JSON.parse(pinned.stdout) as { uri: string; store: string };
    expect(store).to.equal("pinata,psa");
    const states = service.pins.filter(({ cid }) => cid === cidOf(uri)).map(({ status }) => status);
    expect(states).to.deep.equal(["pinned"]);
    expect(uploads()).to.equal(before + 1); // the picture was there already, the metadata was not
    expectExit(await run("pin", model), 0);
    expect(uploads()).to.equal(before + 1);
  });

  it("leave a permanent copy on Arweave, say what it costs, and note it in the claim", async function () {
    const path = await makeModel("four");
    const minted = await run("mint", { MODEL_PATH: path, STORE: "pinata,arweave", OUTPUT_FORMAT: "human" });
    expectExit(minted, 0);
    expect(minted.stderr).to.match(/storage cost +arweave: 0\.\d+ AR for ever, from [\w-]{43}, which owns 1 AR/);
    const claim = JSON.parse(await readFile(`${path}.model-provenance.json`, "utf8")) as {
      metadataURI: string;
      metadataCopies: string[];
    };
    const [copy = ""] = claim.metadataCopies;
    expect(arweave.tagsOf(copy.slice("ar://".length))).to.include({
      "IPFS-Add": cidOf(claim.metadataURI),
      "Content-Type": "application/json",
    });
    const sent = arweave.transactions.size;
    expectExit(await run("mint", { MODEL_PATH: path, STORE: "pinata,arweave" }), 0);
    expect(arweave.transactions.size).to.equal(sent);
    await appendFile(path, "x");
    expectExit(await run("verify", { MODEL_PATH: path }), 1); // by the token that the claim names
  });

  it("say in one line what is missing or cannot stand alone", async function () {
    const path = await makeModel("five");
    for (const [more, code, text] of [
      [{ STORE: "pinata", PINATA_JWT: "" }, "OPTION_MISSING", "PINATA_JWT"],
      [{ STORE: "psa" }, "OPTION_INVALID", "PSA_ELSEWHERE"],
    ] as const) {
      const result = await run("mint", { MODEL_PATH: path, DEBUG: "", ...more });
      expectExit(result, 2);
      expect(result.stderr).to.match(new RegExp(`^error\\[${code}\\]: [^\\n]*${text}[^\\n]*$`));
    }
  });
});

function expectExit(result: ScriptResult, exitCode: number): void {
  expect(result.exitCode, `${result.stdout}\n${result.stderr}`).to.equal(exitCode);
}
