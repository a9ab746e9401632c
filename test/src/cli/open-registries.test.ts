import { expect } from "chai";
import { type JsonRpcSigner } from "ethers";
import type { ChainConnection } from "../../../src/cli/chain-connection.ts";
import { openRegistries } from "../../../src/cli/open-registries.ts";
import { ModelProvenanceNFT__factory } from "../../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { startRpcProxy } from "../../faults/helpers/rpc-proxy.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { startChain } from "../../helpers/json-rpc-server.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { nodeAt } from "../../helpers/node-at.ts";

// No process listens there: the port is reserved for a service that nobody runs.
const NOBODY = "http://127.0.0.1:1";

describe("openRegistries", function () {
  const temporary = useTemporaryFolder();
  const chains: Awaited<ReturnType<typeof startChain>>[] = [];
  const addresses: string[] = [];

  before(async function () {
    for (const chainId of [11155111, 84532]) {
      const chain = await startChain(chainId);
      chains.push(chain);
      const provider = nodeAt(chain.url, chainId);
      addresses.push(await deploy(await provider.getSigner()));
      provider.destroy();
    }
  });

  after(async function () {
    for (const chain of chains) await chain.close();
  });

  const never = async (): Promise<ChainConnection> => Promise.reject(new Error("no connection is needed"));
  const open = async (lines: string[], options: object = {}, environment: NodeJS.ProcessEnv = {}) => {
    const text = ['schemaVersion: "1.0"', "registries:", ...lines.map((line) => `  - {${line}}`)].join("\n");
    await temporary.write(".", { "registries.yaml": text });
    return openRegistries({ registriesFile: temporary.path("registries.yaml"), ...options }, never, environment);
  };
  const both = () => [`chain: sepolia, address: ${addresses[0]}`, `chain: base-sepolia, address: ${addresses[1]}`];
  const variables = () => ({ SEPOLIA_RPC_URL: chains[0]?.url, BASE_SEPOLIA_RPC_URL: chains[1]?.url });

  it("opens several registries on several chains, by the variables of these", async function () {
    const { registries, unreachable } = await open(both(), {}, variables());
    expect(registries.map(({ chainId, name }) => [chainId, name])).to.deep.equal([
      [11155111n, "sepolia"],
      [84532n, "baseSepolia"],
    ]);
    expect(unreachable).to.deep.equal([]);
  });

  it("takes a chain that does not answer for a gap, not for a failure, as long as another answers", async function () {
    const environment = { ...variables(), BASE_SEPOLIA_RPC_URL: NOBODY };
    const { registries, unreachable } = await open(both(), {}, environment);
    expect(registries).to.have.length(1);
    expect(unreachable).to.have.length(1);
    expect(unreachable[0]).to.include("baseSepolia");
    const none = () => open(both(), {}, { SEPOLIA_RPC_URL: NOBODY, BASE_SEPOLIA_RPC_URL: NOBODY });
    expect(await errorCode(none)).to.equal("CHAIN_UNREACHABLE");
  });

  it("takes a node for a gap that limits what tells whether a registry is there", async function () {
    const error = { code: -32005, message: "daily request count exceeded, request rate limited" };
    const proxy = await startRpcProxy(chains[1]?.url as string);
    try {
      for (const method of ["eth_chainId", "eth_getCode", "eth_call"]) {
        proxy.intercept = async (call, forward) => (call.method === method ? { error } : forward());
        const { registries, unreachable } = await open(both(), {}, { ...variables(), BASE_SEPOLIA_RPC_URL: proxy.url });
        expect(registries.map(({ name }) => name)).to.deep.equal(["sepolia"]);
        expect(unreachable[0], method).to.match(/baseSepolia.*daily request count exceeded/);
      }
    } finally {
      await proxy.close();
    }
  });

  it("takes RPC_URL for the chain that CHAIN_ID names, and asks no other", async function () {
    const { registries } = await open(both(), { chainId: 84532n, rpcUrl: chains[1]?.url }, {});
    expect(registries.map(({ chainId }) => chainId)).to.deep.equal([84532n]);
  });

  it("refuses what is set up wrongly", async function () {
    expect(await errorCode(() => open(both(), {}, {}))).to.equal("OPTION_MISSING");
    expect(await errorCode(() => open(both(), {}, { ...variables(), SEPOLIA_RPC_URL: "no url" }))).to.equal(
      "OPTION_MISSING",
    );
    const swapped = { SEPOLIA_RPC_URL: chains[1]?.url, BASE_SEPOLIA_RPC_URL: chains[1]?.url };
    expect(await errorCode(() => open(both(), {}, swapped))).to.equal("CHAIN_MISMATCH");
    const empty = [`chain: sepolia, address: "0x${"12".repeat(20)}"`];
    expect(await errorCode(() => open(empty, {}, variables()))).to.equal("REGISTRY_NOT_FOUND");
    expect(await errorCode(() => open(both(), { chainId: 1n }, variables()))).to.equal("REGISTRY_NOT_CONFIGURED");
  });
});

async function deploy(signer: JsonRpcSigner): Promise<string> {
  const { address } = signer;
  const factory = new ModelProvenanceNFT__factory(signer);
  const contract = await factory.deploy("Models", "MODEL", address, address, address, address, 0n);
  await contract.waitForDeployment();
  return contract.getAddress();
}
