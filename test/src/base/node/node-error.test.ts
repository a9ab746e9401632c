import { expect } from "chai";
import { readJsonRpcError, readNodeError } from "../../../../src/base/node/node-error.ts";
import { toChainError } from "../../../../src/registry/chain-error.ts";
import { ModelProvenanceNFT__factory } from "../../../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { WORDED_ERRORS } from "../../../faults/helpers/hostile-node.ts";
import { nodeAt } from "../../../helpers/node-at.ts";

const registry = ModelProvenanceNFT__factory.createInterface();
const payload = (method: string) => ({
  jsonrpc: "2.0" as const,
  id: 1,
  method,
  params: [{ to: `0x${"11".repeat(20)}` }],
});

describe("what a node says", function () {
  const offline = nodeAt("http://node.invalid", 1);
  after(function () {
    offline.destroy();
  });

  for (const { of, kind, error } of WORDED_ERRORS) {
    it(`is ${kind} in the words of ${of}: ${error.code} ${error.message.slice(0, 50)}`, function () {
      const method = kind === "range" ? "eth_getLogs" : "eth_call";
      const expected = kind === "range" ? "refused" : kind;
      expect(readJsonRpcError(error, method).kind).to.equal(expected);
      const made = offline.getRpcError(payload(method), { id: 1, error });
      expect(readNodeError(made).kind).to.equal(expected);
      const { code } = toChainError(made, registry);
      const isUnknown = "data" in error && String(error.data).startsWith("0x7e273289");
      expect(code).to.equal(isUnknown ? "TOKEN_UNKNOWN" : "CHAIN_UNREACHABLE");
    });
  }

  it("is a refusal of a transaction only where one is estimated or sent", function () {
    const error = { code: -32000, message: "insufficient funds for gas * price + value" };
    const codes = ["eth_estimateGas", "eth_sendRawTransaction", "eth_call", "eth_getLogs"].map(
      (method) => toChainError(offline.getRpcError(payload(method), { id: 1, error }), registry).code,
    );
    expect(codes).to.deep.equal([
      "TRANSACTION_REFUSED",
      "TRANSACTION_REFUSED",
      "CHAIN_UNREACHABLE",
      "CHAIN_UNREACHABLE",
    ]);
  });

  it("is a refusal of a contract only where one is called to be estimated or sent", function () {
    const error = { code: -32603, message: "execution reverted: limited by the provider" };
    const codes = ["eth_estimateGas", "eth_call", "eth_getBlockByNumber", "eth_getTransactionCount"].map(
      (method) => toChainError(offline.getRpcError(payload(method), { id: 1, error }), registry).code,
    );
    expect(codes).to.deep.equal(["TRANSACTION_REFUSED", "CHAIN_UNREACHABLE", "CHAIN_UNREACHABLE", "CHAIN_UNREACHABLE"]);
  });

  it("is a revert where a transaction reverted in its block", function () {
    const error = Object.assign(new Error("transaction execution reverted"), {
      code: "CALL_EXCEPTION",
      receipt: { status: 0 },
    });
    expect(readNodeError(error).kind).to.equal("reverted");
    expect(toChainError(error, registry).code).to.equal("TRANSACTION_REFUSED");
  });

  it("is told without the URL, also in the cause, whatever request of ethers it comes from", function () {
    const url = "https://user:pass@node.example/v3/0123456789abcdef?key=fedcba";
    const error = Object.assign(new Error(`server response 401 (request={ url: "${url}" })`), {
      code: "SERVER_ERROR",
      shortMessage: `cannot ask ${url}`,
      request: { url },
      info: { requestUrl: url, responseStatus: "401 Unauthorized" },
    });
    const failure = toChainError(error, registry);
    const { code, message } = failure.cause as { code?: string; message: string };
    expect(failure.code).to.equal("CHAIN_UNREACHABLE");
    expect(code).to.equal("SERVER_ERROR");
    expect(`${failure.message}${message}${JSON.stringify(failure.cause)}`).to.not.match(/pass|0123|fedcba/);
    expect(failure.message).to.include("https://node.example/…");
  });
});
