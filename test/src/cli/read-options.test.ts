import { mkdir, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { readOptions } from "../../../src/cli/read-options.ts";
import { settingsOf, sourcesOf } from "../../../src/cli/options.ts";
import { VERBS } from "../../../src/cli/verbs.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const VERIFY = VERBS.find(({ name }) => name === "verify") ?? expect.fail();
const ADDRESS = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

describe("readOptions", function () {
  const temporary = useTemporaryFolder();
  const read = async (args: string[], environment: Record<string, string> = {}, folder = temporary.path()) =>
    readOptions(VERIFY, args, environment, folder);

  describe("with .env in the working folder", function () {
    beforeEach(async function () {
      const lines = [
        "# where",
        `MODEL_PROVENANCE_ADDRESS="${ADDRESS}"`,
        "RPC_URL=http://file",
        "NODE_OPTIONS=--inspect",
      ];
      await writeFile(temporary.path(".env"), lines.join("\n"));
    });

    it("takes what neither the command line nor the environment says, and knows from where", async function () {
      const options = await read(["m", "--chain-id", "5"], { RPC_URL: "http://environment" });
      expect(options).to.include({ registryAddress: ADDRESS, rpcUrl: "http://environment", chainId: 5n });
      expect(sourcesOf(options)).to.include({ registryAddress: ".env", rpcUrl: "variable", chainId: "flag" });
      expect((await read(["m", "--rpc-url", "http://flag"])).rpcUrl).to.equal("http://flag");
    });

    it("takes a variable that is set to nothing for one that is set", async function () {
      expect((await read(["m"], { RPC_URL: "" })).rpcUrl).to.equal(undefined);
    });

    it("does not take it where it lies in the model, by whatever way that is named", async function () {
      await mkdir(temporary.path("model/inner"), { recursive: true });
      await writeFile(temporary.path("model/inner/.env"), "RPC_URL=http://model");
      const inner = temporary.path("model/inner");
      for (const model of [temporary.path("model"), inner, `${inner}/../../model`]) {
        const options = await read([model], {}, inner);
        expect(options.rpcUrl, model).to.equal(undefined);
        expect(settingsOf(options).variables).to.deep.equal({});
      }
      expect((await read(["elsewhere"], {}, inner)).rpcUrl).to.equal("http://model");
    });

    it("is refused where it cannot be read as text", async function () {
      await writeFile(temporary.path(".env"), "A=1\n".repeat(300_000));
      expect(await errorCode(async () => read(["m"]))).to.equal("OPTION_INVALID");
    });
  });

  describe("with a network", function () {
    it("knows its chain and its node", async function () {
      const options = await read(["m", "--network", "localhost"]);
      expect(options).to.include({ rpcUrl: "http://127.0.0.1:8545" }).and.not.to.have.property("chainId");
      expect(sourcesOf(options)).to.include({ network: "flag", rpcUrl: "network" });
      const named = await read(["m"], { MODEL_NETWORK: "sepolia", SEPOLIA_RPC_URL: "https://node" });
      expect(named).to.include({ chainId: 11155111n, rpcUrl: "https://node" });
    });

    it("lets what was typed win over variables", async function () {
      const environment = { CHAIN_ID: "1", RPC_URL: "https://other", SEPOLIA_RPC_URL: "https://node" };
      const options = await read(["m", "--network", "sepolia"], environment);
      expect(options).to.include({ chainId: 11155111n, rpcUrl: "https://node" });
      const typed = await read(["m", "--network", "sepolia", "--rpc-url", "https://typed"], environment);
      expect(typed.rpcUrl).to.equal("https://typed");
    });

    it("takes a node of this machine for what it is, whatever variables say of others", async function () {
      const options = await read(["m", "--network", "localhost"], { CHAIN_ID: "1", RPC_URL: "https://other" });
      expect(options).to.include({ rpcUrl: "http://127.0.0.1:8545" }).and.not.to.have.property("chainId");
    });

    it("prefers the registry that Ignition recorded to one of a variable", async function () {
      const ignition = temporary.path("ignition");
      await mkdir(`${ignition}/deployments/chain-31337`, { recursive: true });
      const recorded = JSON.stringify({ "ModelProvenanceNFT#ModelProvenanceNFT": ADDRESS });
      await writeFile(`${ignition}/deployments/chain-31337/deployed_addresses.json`, recorded);
      const environment = { MODEL_PROVENANCE_ADDRESS: ADDRESS };
      const local = ["m", "--network", "localhost"];
      expect((await read(local, { ...environment, IGNITION_PATH: ignition })).registryAddress).to.equal(undefined);
      expect((await read([...local, "--contract", ADDRESS], { IGNITION_PATH: ignition })).registryAddress).to.equal(
        ADDRESS,
      );
      expect((await read(["m"], { ...environment, IGNITION_PATH: ignition })).registryAddress).to.equal(ADDRESS);
    });

    it("refuses what contradicts it in the same way, and a network without a node", async function () {
      const node = { SEPOLIA_RPC_URL: "https://node" };
      for (const [args, environment] of [
        [["--network", "sepolia", "--chain-id", "1"], node],
        [[], { ...node, MODEL_NETWORK: "sepolia", CHAIN_ID: "1" }],
        [["--network", "sepolis"], node],
      ] as const) {
        expect(await errorCode(async () => read(["m", ...args], environment))).to.equal("OPTION_INVALID");
      }
      expect(await errorCode(async () => read(["m", "--network", "sepolia"]))).to.equal("OPTION_MISSING");
    });
  });
});
