import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { encryptKeystoreJsonSync } from "ethers";
import { ProvenanceError } from "../../../src/base/errors.ts";
import { readArguments } from "../../../src/cli/arguments.ts";
import type { ChainConnection } from "../../../src/cli/chain-connection.ts";
import { runDoctor } from "../../../src/cli/run/doctor.ts";
import { DOCTOR } from "../../../src/cli/commands/doctor.ts";
import { onlyEnvironment } from "../../../src/cli/settings.ts";
import { checkNode } from "../../../src/cli/doctor/machine.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { developmentWallet } from "../../helpers/publishing.ts";
import { recordingTerminal } from "../../helpers/recording-terminal.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

interface Finding {
  what: string;
  state: string;
  detail: string;
}

describe("doctor", function () {
  const temporary = useTemporaryFolder();

  async function setUp() {
    const { registry, minter, stranger } = await networkHelpers.loadFixture(deployRegistry);
    const connection: ChainConnection = {
      networkName: "test",
      chainId: 31337n,
      provider: ethers.provider,
      deploymentsFolder: temporary.path("none"),
    };
    const run = async (environment: Record<string, string>, connect = async () => Promise.resolve(connection)) => {
      const all = { STORE_PATH: temporary.path("store"), ...environment };
      const options = readArguments(DOCTOR, ["--json"], onlyEnvironment(all));
      const { terminal, printed } = recordingTerminal();
      const exitCode = await runDoctor(options, connect, terminal);
      const { findings, ok } = JSON.parse(printed.join("\n")) as { findings: Finding[]; ok: boolean };
      expect(ok).to.equal(exitCode === 0);
      return { exitCode, findings, of: (state: string) => findings.filter((finding) => finding.state === state) };
    };
    const good = { RPC_URL: "http://127.0.0.1:1", MODEL_PROVENANCE_ADDRESS: registry.address };
    return { run, good, registry, minter, stranger };
  }

  it("finds nothing to repair where all works", async function () {
    const { run, good, minter } = await setUp();
    const { exitCode, findings, of } = await run({ ...good, MINT_FROM: minter.address });
    expect(exitCode).to.equal(0);
    expect(of("fix")).to.deep.equal([]);
    for (const what of [
      "Node.js",
      "variables",
      "node of test",
      "registry on test",
      "events on test",
      "account on test",
    ]) {
      expect(findings.find((finding) => finding.what === what)?.state, what).to.equal("ok");
    }
    expect(JSON.stringify(findings)).to.not.include("127.0.0.1:1"); // values may be secret
  });

  it("looks at the account whose key is set up, and asks for no password", async function () {
    const { run, good, minter } = await setUp();
    const keystore = encryptKeystoreJsonSync(developmentWallet(2), "secret", { scrypt: { N: 2, r: 1, p: 1 } });
    await temporary.write(".", { "key.json": keystore });
    for (const environment of [
      { PRIVATE_KEY: developmentWallet(2).privateKey },
      { KEYSTORE_PATH: temporary.path("key.json") },
    ]) {
      const { exitCode, findings } = await run({ ...good, ...environment });
      expect(exitCode).to.equal(0);
      const found = findings.find(({ what }) => what === "account on test");
      expect(found?.detail).to.include(minter.address).and.include("may mint");
      expect(JSON.stringify(findings)).to.not.include(developmentWallet(2).privateKey.slice(2, 20));
    }
  });

  it("says what is set up wrongly, all of it, and ends with 2", async function () {
    const { run, good, stranger } = await setUp();
    const cases: [environment: Record<string, string>, what: string][] = [
      [{ MODEL_PROVENANCE_ADDRESS: `0x${"12".repeat(20)}` }, "chain"],
      [{ MINT_FROM: stranger.address }, "account on test"],
      [{ MAX_COST: "much" }, "MAX_COST"],
      [{ PRIVATE_KEY: "0x12" }, "account"],
      [{ PRIVATE_KEY: developmentWallet(6).privateKey }, "account on test"],
      [{ PRIVATE_KEY: developmentWallet(2).privateKey, MINT_FROM: stranger.address }, "account"],
      [{ KEYSTORE_PATH: temporary.path("none.json") }, "account"],
      [{ STORE: "pinata" }, "store pinata"],
      [{ RPC_URL: "", MODEL_PROVENANCE_ADDRESS: "", MODEL_REGISTRIES: temporary.path("none.yaml") }, "chain"],
    ];
    for (const [environment, what] of cases) {
      const { exitCode, of } = await run({ ...good, ...environment });
      expect(exitCode, what).to.equal(2);
      expect(
        of("fix").map((finding) => finding.what),
        what,
      ).to.deep.equal([what]);
      expect(of("fix")[0]?.detail).to.not.equal("");
    }
    expect((await run({})).exitCode).to.equal(2); // nothing is set up
  });

  it("ends with 4 where something does not answer", async function () {
    const { run, good } = await setUp();
    const gone = async () => Promise.reject(new ProvenanceError("CHAIN_UNREACHABLE", "gone"));
    expect((await run(good, gone)).exitCode).to.equal(4);
    const gateway = await run({ ...good, IPFS_GATEWAYS: "http://127.0.0.1:1" });
    expect(gateway.exitCode).to.equal(4);
    expect(gateway.of("retry")[0]?.what).to.equal("gateway http://127.0.0.1:1");
  });

  it("takes a gateway that has not the block for one that answers", async function () {
    const { run, good } = await setUp();
    const server = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { exitCode, findings } = await run({ ...good, IPFS_GATEWAYS: `http://127.0.0.1:${port}` });
    server.close();
    expect(exitCode).to.equal(0);
    expect(findings.at(-1)).to.include({ what: `gateway http://127.0.0.1:${port}`, state: "ok" });
  });

  it("names variables that are nearly ours, and an old Node.js", async function () {
    const { run, good } = await setUp();
    const { of } = await run({ ...good, MODEL_PTAH: "x", GATE_UPSTREEM: "x" });
    expect(of("note").map(({ what }) => what)).to.include.members(["MODEL_PTAH", "GATE_UPSTREEM"]);
    expect(checkNode("20.20.2").state).to.equal("fix");
    expect(checkNode("22.13.0").state).to.equal("ok");
    expect(checkNode("24.1.0").state).to.equal("ok");
  });
});
