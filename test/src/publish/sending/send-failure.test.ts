import { makeError } from "ethers";
import { expect } from "chai";
import { type SendFailure, classifySendFailure } from "../../../../src/publish/sending/send-failure.ts";

// What nodes answer to eth_sendRawTransaction, word for word.
const ANSWERS: readonly [node: string, message: string, expected: SendFailure][] = [
  ["go-ethereum", "already known", "known"],
  ["Besu", "Known transaction", "known"],
  ["Nethermind", "AlreadyKnown", "known"],
  ["Hardhat", "Known transaction: 0xd615cedecc313826ec4187fc24b17e8f7cd5199ddaede6f97c8b2b3966f4d22e", "known"],
  ["go-ethereum", "nonce too low: next nonce 7, tx nonce 6", "nonce-used"],
  ["Nethermind", "OldNonce", "nonce-used"],
  ["Hardhat", "Nonce too low. Expected nonce to be 3 but got 2.", "nonce-used"],
  ["go-ethereum", "replacement transaction underpriced", "nonce-taken"],
  ["Besu", "Replacement transaction underpriced", "nonce-taken"],
  ["Nethermind", "ReplacementNotAllowed", "nonce-taken"],
  ["go-ethereum", "transaction underpriced: gas tip cap 1, minimum needed 25000000000", "fee-too-low"],
  ["go-ethereum", "max fee per gas less than block base fee: address 0x1, maxFeePerGas: 1, baseFee: 7", "fee-too-low"],
  ["Nethermind", "FeeTooLow", "fee-too-low"],
  ["Besu", "Gas price below configured minimum gas price", "fee-too-low"],
  ["go-ethereum", "txpool is full", "busy"],
  ["go-ethereum", "in-flight transaction limit reached for delegated accounts", "busy"],
  ["go-ethereum", "gapped-nonce tx from delegated accounts", "busy"],
  ["go-ethereum", "future transaction tries to replace pending", "busy"],
  ["go-ethereum", "account limit exceeded", "busy"],
  ["go-ethereum", "address already reserved", "busy"],
  ["Nethermind", "nonce too far in future", "busy"],
  ["Nethermind", "delegation authority has pending transaction", "busy"],
  ["Nethermind", "NonceGap", "busy"],
  ["Besu", "Transaction nonce is too distant from current sender nonce", "busy"],
  ["Erigon", "queued sub-pool is full", "busy"],
  ["Reth", "transaction discarded outright due to pool size constraints", "busy"],
  ["Hardhat", "Nonce too high. Expected nonce to be 2 but got 3.", "busy"],
  ["a provider", "daily request count exceeded, request rate limited", "busy"],
  ["Erigon", "existing tx with same hash", "known"],
  ["anvil", "Tx: [0x12] already Imported", "known"],
  ["Reth", "insufficient gas price to replace existing transaction", "nonce-taken"],
  ["Erigon", "could not replace existing tx", "nonce-taken"],
  ["Besu", "Nonce too low", "nonce-used"],
  ["Besu", "Upfront cost exceeds account balance", "refused"],
  ["Besu", "Transaction gas limit exceeds block gas limit", "refused"],
  ["Reth", "transaction's gas limit 9 exceeds block's gas limit 8", "refused"],
  ["anvil", "Insufficient funds for gas * price + value", "refused"],
  ["a wallet", "User rejected the request.", "refused"],
  ["go-ethereum", "insufficient funds for gas * price + value: balance 0, tx cost 9", "refused"],
  ["go-ethereum", "exceeds block gas limit", "refused"],
  ["go-ethereum", "invalid chain id for signer: have 1 want 2", "refused"],
];

describe("classifySendFailure", function () {
  for (const [node, message, expected] of ANSWERS) {
    it(`takes ${node}'s ${JSON.stringify(message.slice(0, 40))} for ${expected}`, function () {
      // As the provider throws it: what the node said lies inside, beside the whole request.
      const error = makeError("could not coalesce error", "UNKNOWN_ERROR", {
        error: { code: -32000, message },
        payload: { method: "eth_sendRawTransaction", params: ["0x02500502nonce too low"] },
      });
      expect(classifySendFailure(error)).to.equal(expected);
      expect(classifySendFailure(new Error(message))).to.equal(expected);
    });
  }

  it("knows the codes that ethers gives", function () {
    const transaction = {} as never;
    expect(classifySendFailure(makeError("nonce", "NONCE_EXPIRED", { transaction }))).to.equal("nonce-used");
    expect(classifySendFailure(makeError("x", "REPLACEMENT_UNDERPRICED", { transaction }))).to.equal("nonce-taken");
    expect(classifySendFailure(makeError("x", "INSUFFICIENT_FUNDS", { transaction }))).to.equal("refused");
  });

  it("knows the codes of JSON-RPC and of wallets that mean a refusal", function () {
    for (const code of [-32601, -32602, 4001, 4100, 4200]) {
      expect(classifySendFailure({ code, message: "no" }), String(code)).to.equal("refused");
      expect(classifySendFailure(makeError("x", "UNKNOWN_ERROR", { error: { code, message: "no" } }))).to.equal(
        "refused",
      );
    }
  });

  it("does not take an error for a refusal: nobody knows what became of the transaction", function () {
    for (const error of [
      makeError("request timeout", "TIMEOUT", {} as never),
      makeError("server response 502 Bad Gateway", "SERVER_ERROR", {} as never),
      Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:8545"), { code: "ECONNREFUSED" }),
      Object.assign(new Error("read"), { code: "ECONNRESET" }),
      new Error("socket hang up"),
      new TypeError("fetch failed"),
      { code: -32603, message: "Internal error" },
      { code: -32000, message: "execution aborted (timeout = 5s)" },
      { code: -32000, message: "the backend took too long" },
      { code: -32000, message: "header not found" },
      { code: -32010, message: "" },
      makeError("could not coalesce error", "UNKNOWN_ERROR", { error: { code: -32603, message: "Internal error" } }),
    ]) {
      expect(classifySendFailure(error), JSON.stringify(error)).to.equal("unknown");
    }
  });

  it("knows nothing of what it cannot read", function () {
    for (const odd of [undefined, null, "text", 7, {}]) expect(classifySendFailure(odd)).to.equal("unknown");
  });
});
