import { expect } from "chai";
import { type ParamType, parseUnits } from "ethers";
import { toChainError } from "../../../../src/registry/chain-error.ts";
import { raiseFees, suggestFees } from "../../../../src/publish/sending/fees.ts";
import { describeNodeHealth } from "../../../../src/registry/node-health.ts";
import { explainRevert } from "../../../../src/registry/explain-revert.ts";
import { assertSameChain } from "../../../../src/publish/sending/sending.ts";
import { assertAffordable, estimateTransaction } from "../../../../src/publish/sending/transaction-cost.ts";
import { callOf } from "../../../../src/publish/transact.ts";
import { ModelProvenanceNFT__factory } from "../../../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { deployModelProvenance, ethers, networkHelpers } from "../../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { deployForPublishing, developmentWallet, publisher, rpc } from "../../../helpers/publishing.ts";
import { modelSubmission } from "../../../helpers/model-submissions.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const gwei = (text: string) => parseUnits(text, "gwei");
const CALL = `0x${"ab".repeat(32)}`;

function sampleOf({ type }: ParamType): unknown {
  if (type === "string") return "text";
  if (type === "address") return `0x${"1".repeat(40)}`;
  if (type === "bytes32") return `0x${"2".repeat(64)}`;
  return type === "bytes" ? "0x12" : 77n;
}

describe("transactions", function () {
  const temporary = useTemporaryFolder();

  beforeEach(async function () {
    await networkHelpers.loadFixture(deployModelProvenance);
  });

  describe("explainRevert", function () {
    const contract = ModelProvenanceNFT__factory.createInterface();
    // Of calls that this package makes for nobody: approvals between holders.
    const STRANGERS = ["ERC721InvalidApprover", "ERC721InvalidOperator", "ERC721InvalidOwner", "ERC721InvalidSender"];

    it("has words of its own for every error of the contract, and shows the values", function () {
      contract.forEachError((fragment) => {
        if (STRANGERS.includes(fragment.name) || fragment.name.startsWith("SafeCast")) return;
        const values = fragment.inputs.map(sampleOf);
        const data = contract.encodeErrorResult(fragment, values);
        const revert = contract.parseError(data);
        expect(explainRevert(revert as never), fragment.name).to.not.include("one of its rules");
        const { code, message } = toChainError({ data }, contract);
        expect(code).to.equal(fragment.name === "ERC721NonexistentToken" ? "TOKEN_UNKNOWN" : "TRANSACTION_REFUSED");
        expect(message).to.include(`[${fragment.name}(`);
      });
    });
  });

  describe("suggestFees", function () {
    const at = async (baseFee: bigint) => {
      await rpc("hardhat_setNextBlockBaseFeePerGas", `0x${baseFee.toString(16)}`);
      await rpc("evm_mine");
    };

    it("offers no more than the cap, and refuses where blocks ask more", async function () {
      await at(gwei("10"));
      const { fees, baseFee } = await suggestFees(ethers.provider);
      expect(baseFee).to.equal(gwei("10"));
      expect("maxFeePerGas" in fees && fees.maxFeePerGas).to.be.greaterThan(gwei("20") - 1n);
      const capped = (await suggestFees(ethers.provider, gwei("12"))).fees;
      expect(capped).to.include({ maxFeePerGas: gwei("12") });
      const tight = (await suggestFees(ethers.provider, gwei("10"))).fees;
      expect("maxFeePerGas" in tight && tight.maxPriorityFeePerGas <= tight.maxFeePerGas).to.equal(true);
      expect(await errorCode(async () => suggestFees(ethers.provider, gwei("9.9")))).to.equal("COST_TOO_HIGH");
    });

    it("raises every field by more than the tenth that nodes ask of a replacement", function () {
      const replaced = { from: "", nonce: 1, call: CALL, maxFeePerGas: "1000", maxPriorityFeePerGas: "10" };
      const low = { maxFeePerGas: 900n, maxPriorityFeePerGas: 9n };
      expect(raiseFees(low, replaced)).to.deep.equal({ maxFeePerGas: 1126n, maxPriorityFeePerGas: 12n });
      const high = { maxFeePerGas: 5000n, maxPriorityFeePerGas: 90n };
      expect(raiseFees(high, replaced)).to.deep.equal(high);
      expect(raiseFees({ gasPrice: 1n }, replaced)).to.deep.equal({ gasPrice: 1126n });
      expect(() => raiseFees(low, replaced, 1125n)).to.throw("MAX_FEE_GWEI");
    });
  });

  describe("estimateTransaction", function () {
    it("refuses before anything is pinned what the account cannot pay, and what the contract refuses", async function () {
      const { registry, wallet, contract } = await networkHelpers.loadFixture(deployForPublishing);
      const grant = contract.interface.encodeFunctionData("setTokenRoyalty", [7, wallet.address, 1]);
      const failure = await estimateTransaction(registry.provider, wallet.address, callOf(registry, grant)).catch(
        (error: Error) => error,
      );
      expect(failure).to.include({ code: "TOKEN_UNKNOWN" });
      expect((failure as Error).message).to.include("there is no token 0x00");
      const mint = publisher(registry, wallet, temporary.path());
      await rpc("hardhat_setBalance", wallet.address, "0x100");
      const run = await mint({ modelPath: await temporary.write("model", { "model.bin": "weights" }) });
      expect(run.error?.code).to.equal("TRANSACTION_REFUSED");
      expect(run.error?.message).to.include("ether");
      expect(run.sent).to.deep.equal([]);
    });

    it("compares the balance with the worst case", async function () {
      const cost = {
        gas: 1n,
        maxFeePerGas: 5n,
        fees: { gasLimit: 1n, gasPrice: 5n },
        dataFee: 0n,
        worstCost: 5n,
        balance: 4n,
      };
      expect(await errorCode(() => assertAffordable("0x1", cost, 1n))).to.equal("TRANSACTION_REFUSED");
      expect(await errorCode(() => assertAffordable("0x1", { ...cost, balance: 5n }, 1n))).to.equal("no error");
    });

    it("refuses more gas than a transaction may hold", async function () {
      const { registry, contract } = await networkHelpers.loadFixture(deployForPublishing);
      const call = contract.interface.encodeFunctionData("lockRenderer");
      const provider = new Proxy(registry.provider, {
        get: (target, key) => {
          if (key === "estimateGas") return async () => 2n ** 24n + 1n;
          const value: unknown = Reflect.get(target, key);
          return typeof value === "function" ? (value.bind(target) as unknown) : value;
        },
      });
      const failure = await estimateTransaction(provider, developmentWallet(1).address, callOf(registry, call)).catch(
        (error: Error) => error,
      );
      expect((failure as Error).message).to.include("EIP-7825");
    });
  });

  describe("the fee for data on another chain", function () {
    const ORACLE = "0x420000000000000000000000000000000000000F";
    const FEE = 10n ** 16n;
    const ANSWER = "67002386f26fc1000060005260206000f3"; // 0.01 ether
    // Before Fjord the oracle knows getL1Fee alone, and reverts for what it does not know.
    const OLD_ORACLE = `0x60003560e01c6349948e0e14601357600080fd5b${ANSWER}`;

    /** What a call costs where this code stands, by a provider that was not asked before. */
    async function costWith(code: string, place = ORACLE, chainId = 31337n) {
      const { registry, wallet } = await networkHelpers.loadFixture(deployForPublishing);
      await rpc("hardhat_setCode", place, code);
      const provider = new Proxy(registry.provider, {
        get: (target, key) => {
          if (key === "getNetwork") return async () => ({ chainId });
          const value: unknown = Reflect.get(target, key);
          return typeof value === "function" ? (value.bind(target) as unknown) : value;
        },
      });
      const call = callOf(
        registry,
        registry.contract.interface.encodeFunctionData("mintProvenanceNFT", [wallet.address, modelSubmission("m")]),
      );
      return estimateTransaction(provider, wallet.address, call);
    }

    it("counts in the worst cost where the oracle of the OP stack stands, a new one or an old one", async function () {
      const oracles = [
        [`0x${ANSWER}`, FEE],
        [OLD_ORACLE, 0n],
      ] as const;
      for (const [code, charged] of oracles) {
        const { dataFee, operatorFee, worstCost, gas, maxFeePerGas } = await costWith(code);
        expect(dataFee).to.equal(FEE);
        // Since Isthmus the chain charges for running itself, which an older oracle does not know.
        expect(operatorFee ?? 0n).to.equal(charged);
        expect(worstCost).to.equal(gas * maxFeePerGas + FEE + charged);
      }
    });

    it("is told as part of the gas on Arbitrum, where its nodes tell", async function () {
      const nodeInterface = "0x00000000000000000000000000000000000000C8";
      const three = "0x6104d260005260606000f3"; // 1234, and two more words
      const { dataGas, dataFee } = await costWith(three, nodeInterface, 42161n);
      expect({ dataGas, dataFee }).to.deep.equal({ dataGas: 1234n, dataFee: 0n });
      expect(await costWith("0x", nodeInterface, 42161n)).to.not.have.property("dataGas");
      expect(await costWith(three, nodeInterface)).to.not.have.property("dataGas");
    });

    it("is nothing where there is no oracle, or another contract in its place", async function () {
      for (const code of ["0x", "0x600080fd", "0x00"]) expect((await costWith(code)).dataFee).to.equal(0n);
    });
  });

  describe("assertSameChain", function () {
    it("refuses a node that changed its mind", async function () {
      const { registry } = await networkHelpers.loadFixture(deployForPublishing);
      expect(await errorCode(async () => assertSameChain(registry, registry.contract.interface))).to.equal("no error");
      expect(
        await errorCode(async () => assertSameChain({ ...registry, chainId: 1n }, registry.contract.interface)),
      ).to.equal("CHAIN_MISMATCH");
    });
  });

  describe("describeNodeHealth", function () {
    const now = async () => ((await ethers.provider.getBlock("latest"))?.timestamp ?? 0) * 1000;
    const node = (syncing: unknown, send = true) => ({
      getBlock: async () => ethers.provider.getBlock("latest"),
      ...(send && { send: async () => syncing }),
    });

    it("says nothing of a node that is up to date, or of a development chain", async function () {
      expect(await describeNodeHealth(node(false) as never, 1n, await now())).to.deep.equal([]);
      expect(await describeNodeHealth(node(false, false) as never, 1n, await now())).to.deep.equal([]);
      const later = (await now()) + 86_400_000;
      expect(await describeNodeHealth(node({ currentBlock: "0x1" }) as never, 31337n, later)).to.deep.equal([]);
    });

    it("warns of one that is catching up, or whose newest block is old", async function () {
      const behind = node({ currentBlock: "0x10", highestBlock: "0x20" });
      const warnings = await describeNodeHealth(behind as never, 1n, (await now()) + 3_600_000);
      expect(warnings).to.have.length(2);
      expect(warnings[0]).to.include("block 16 of 32");
      expect(warnings[1]).to.include("60 minutes old");
    });
  });
});
