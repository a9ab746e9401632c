import { expect } from "chai";
import type { Provider } from "ethers";
import { ModelProvenanceNFT__factory } from "../../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { readPlaceOf } from "../../../src/publish/read-place.ts";
import { errorCode } from "../../helpers/error-code.ts";

const to = `0x${"11".repeat(20)}`;

/** A node that answers with an error where it is asked for a block, as ethers tells it. */
const nodeSaying = (code: number, message: string) =>
  ({
    getBlock: async () => Promise.reject(Object.assign(new Error(message), { error: { code, message } })),
  }) as unknown as Provider;
const place = async (provider: Provider) =>
  readPlaceOf({ provider, chainId: 1n }, { to, contractInterface: ModelProvenanceNFT__factory.createInterface() });

describe("the first block of a journal's chain", function () {
  for (const [code, words] of [
    [4444, "pruned history unavailable"],
    [-32000, "header not found"],
    [-32001, "block not found"],
  ] as const) {
    it(`is left out where the node says "${words}"`, async function () {
      expect(await place(nodeSaying(code, words))).to.deep.equal({ chainId: 1n, registry: to });
    });
  }

  for (const [code, words] of [
    [-32603, "Internal error"],
    [429, "too many requests"],
    [-32000, "the request took too long"],
  ] as const) {
    it(`could not be asked for where the node says "${words}"`, async function () {
      expect(await errorCode(async () => place(nodeSaying(code, words)))).to.equal("CHAIN_UNREACHABLE");
    });
  }
});
