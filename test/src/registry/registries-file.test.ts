import { expect } from "chai";
import config from "../../../hardhat.config.ts";
import { readRegistriesFile } from "../../../src/registry/registries-file.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const ADDRESS = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const OTHER = `0x${"ab".repeat(20)}`;

describe("registries file", function () {
  const temporary = useTemporaryFolder();
  const read = async (text: string) => {
    await temporary.write(".", { "registries.yaml": text });
    return readRegistriesFile(temporary.path("registries.yaml"));
  };
  const failure = async (text: string) => read(text).then(String, (error: Error) => error.message);

  it("names registries on any chains; an address needs no quotes", async function () {
    const registries = await read(`
schemaVersion: "1.0"
registries:
  - chain: sepolia
    address: ${ADDRESS}
    startBlock: 7123456
  - { name: acme, chain: polygon-amoy, address: "${OTHER}", rpcUrl: "https://rpc.example/key" }
  - name: own chain
    chainId: 4711
    address: ${ADDRESS.toLowerCase()}
    rpcUrlVariable: OWN_RPC_URL
    codeHash: "0x${"cd".repeat(32)}"
`);
    expect(registries).to.deep.equal([
      {
        name: "sepolia",
        chainId: 11155111n,
        address: ADDRESS,
        rpc: { variable: "SEPOLIA_RPC_URL" },
        startBlock: 7123456,
      },
      {
        name: "acme",
        chainId: 80002n,
        address: "0xABaBaBaBABabABabAbAbABAbABabababaBaBABaB",
        rpc: { url: "https://rpc.example/key" },
      },
      {
        name: "own chain",
        chainId: 4711n,
        address: ADDRESS,
        rpc: { variable: "OWN_RPC_URL" },
        codeHash: `0x${"cd".repeat(32)}`,
      },
    ]);
  });

  it("may be JSON", async function () {
    const json = { schemaVersion: "1.0", registries: [{ chain: 1, address: ADDRESS }] };
    expect((await read(JSON.stringify(json)))[0]).to.include({ chainId: 1n, name: "mainnet" });
  });

  const faults: [what: string, text: string, line: number, says: RegExp][] = [
    ["an unknown key", `schemaVersion: "1.0"\nregistries:\n  - chain: base\n    adress: ${ADDRESS}\n`, 4, /adress/],
    [
      "a wrong checksum",
      `schemaVersion: "1.0"\nregistries:\n  - chain: base\n    address: ${ADDRESS.replace("F", "f")}\n`,
      4,
      /checksum/,
    ],
    [
      "an unknown chain without its number",
      `schemaVersion: "1.0"\nregistries:\n  - chain: mychain\n    address: ${ADDRESS}\n`,
      3,
      /chainId/,
    ],
    [
      "a number that is not that of the chain",
      `schemaVersion: "1.0"\nregistries:\n  - chain: base\n    chainId: 1\n    address: ${ADDRESS}\n`,
      4,
      /8453/,
    ],
    [
      "an unknown chain without a node",
      `schemaVersion: "1.0"\nregistries:\n  - chainId: 4711\n    address: ${ADDRESS}\n`,
      3,
      /rpcUrlVariable/,
    ],
    [
      "two places for one URL",
      `schemaVersion: "1.0"\nregistries:\n  - chain: base\n    rpcUrl: https://a\n    rpcUrlVariable: A\n    address: ${ADDRESS}\n`,
      4,
      /rpcUrl/,
    ],
    [
      "one registry twice",
      `schemaVersion: "1.0"\nregistries:\n  - {chain: base, address: ${ADDRESS}}\n  - {chain: 8453, address: ${ADDRESS.toLowerCase()}}\n`,
      4,
      /twice/,
    ],
    ["no registry", `schemaVersion: "1.0"\nregistries: []\n`, 2, /at least one/],
    ["another version", `schemaVersion: "2.0"\nregistries:\n  - {chain: base, address: ${ADDRESS}}\n`, 1, /1\.0/],
    ["a list instead of a map", `- a\n- b\n`, 1, /the whole/],
    ["what is no YAML", `schemaVersion: "1.0"\nregistries: [\n`, 3, /./],
    ["a key twice", `schemaVersion: "1.0"\nschemaVersion: "1.0"\n`, 2, /unique/],
  ];
  for (const [what, text, line, says] of faults) {
    it(`refuses ${what}, and says in which line`, async function () {
      const message = await failure(text);
      expect(message).to.match(/^The registries file .* is not valid: /);
      expect(message).to.include(`line ${line}`);
      expect(message).to.match(says);
    });
  }

  it("refuses what is no file, is too large, or grows by its aliases", async function () {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let i = 1; i < 9; i++) {
      const [name, before] = ["abcdefghij"[i], "abcdefghij"[i - 1]] as [string, string];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`);
    }
    expect(await failure(bomb.join("\n"))).to.include("not valid");
    expect(await failure(`# ${"x".repeat(2 * 1024 * 1024)}`)).to.include("bytes");
    const none = await readRegistriesFile(temporary.path("none")).then(String, (error: Error) => error.message);
    expect(none).to.include("does not exist");
    const folder = await readRegistriesFile(temporary.path()).then(String, (error: Error) => error.message);
    expect(folder).to.include("is a folder");
  });

  describe("a chain of a registries file", function () {
    it("is any network of Hardhat's configuration, with its id and its variable", async function () {
      const networks = config.networks as Record<string, { chainId?: number; url: { name?: string } }>;
      for (const [name, { chainId, url }] of Object.entries(networks)) {
        const [registry] = await read(`schemaVersion: "1.0"\nregistries: [{ chain: ${name}, address: "${ADDRESS}" }]`);
        const rpc = { variable: url.name };
        expect(registry, name).to.deep.include({ name, chainId: BigInt(chainId ?? 31337), rpc });
      }
    });

    it("is found however its name is written, and by its number", async function () {
      for (const chain of ["polygonAmoy", "polygon-amoy", "POLYGON_AMOY", "Polygon Amoy", "80002"]) {
        const [registry] = await read(`schemaVersion: "1.0"\nregistries: [{ chain: ${chain}, address: "${ADDRESS}" }]`);
        expect(registry, chain).to.include({ name: "polygonAmoy", chainId: 80002n });
      }
      const [local] = await read(`schemaVersion: "1.0"\nregistries: [{ chain: 31337, address: "${ADDRESS}" }]`);
      expect(local).to.include({ name: "localhost", chainId: 31337n });
      expect(
        await failure(`schemaVersion: "1.0"\nregistries: [{ chain: ethereum classic, address: "${ADDRESS}" }]`),
      ).to.include("one of localhost");
    });
  });
});
