import { expect } from "chai";
import config from "../../../hardhat.config.ts";
import { findPrivateKey } from "../../../src/cli/json-rpc-signer.ts";
import { NETWORKS, type Network, explorerLinks, findNetwork } from "../../../src/registry/networks.ts";
import { errorCode } from "../../helpers/error-code.ts";

const networks: readonly Network[] = NETWORKS;

describe("networks", function () {
  it("are those of Hardhat, each with a name, a chain and variables of its own", function () {
    expect(Object.keys(config.networks ?? {})).to.deep.equal(networks.map(({ name }) => name));
    for (const key of ["name", "chainId", "prefix"] as const) {
      expect(new Set(networks.map((network) => network[key])).size, key).to.equal(networks.length);
    }
    for (const { explorer, faucet } of networks) {
      for (const url of [explorer, faucet]) if (url !== undefined) expect(new URL(url).protocol).to.equal("https:");
      expect(explorer?.endsWith("/") ?? false).to.equal(false);
    }
  });

  it("lead to the pages of an explorer, where there is one", function () {
    expect(explorerLinks.transaction(11155111n, "0xab")).to.equal("https://sepolia.etherscan.io/tx/0xab");
    expect(explorerLinks.account(8453n, "0xcd")).to.equal("https://basescan.org/address/0xcd");
    expect(explorerLinks.token(1n, "0xcd", 7n)).to.equal("https://etherscan.io/nft/0xcd/7");
    expect(explorerLinks.token(31337n, "0xcd", 7n)).to.equal(undefined);
    expect(findNetwork(5n)).to.equal(undefined);
  });

  it("may have a key of their own, which is none beside another", async function () {
    const [own, other] = ["11".repeat(32), "22".repeat(32)];
    expect(findPrivateKey({ network: "sepolia" }, { SEPOLIA_PRIVATE_KEY: own })).to.equal(own);
    expect(findPrivateKey({}, { SEPOLIA_PRIVATE_KEY: own })).to.equal(undefined);
    expect(findPrivateKey({ network: "sepolia" }, { SEPOLIA_PRIVATE_KEY: own, PRIVATE_KEY: own })).to.equal(own);
    const both = { SEPOLIA_PRIVATE_KEY: own, PRIVATE_KEY: other };
    expect(await errorCode(() => findPrivateKey({ network: "sepolia" }, both))).to.equal("OPTION_INVALID");
  });
});
