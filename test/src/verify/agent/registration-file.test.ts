import { expect } from "chai";
import * as fc from "fast-check";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { type AgentId, formatAgentId, parseAgentId } from "../../../../src/verify/agent/agent-id.ts";
import { judgeStatement } from "../../../../src/verify/agent/judge-agent.ts";
import { readRegistrationFile } from "../../../../src/verify/agent/registration-file.ts";

const REGISTRY = "0x8004A169FB4a3325136EB29fA0ceB6D2e539a432";
const ID: AgentId = { chainId: 1n, registry: REGISTRY, agentId: 22n };
const OWN = { agentRegistry: `eip155:1:${REGISTRY}`, agentId: 22 };
const TYPE = "https://eips.ethereum.org/EIPS/eip-8004#registration-v1";
const PLACE = "eip155:1:0x5FbDB2315678afecb367f032d93F642f64180aa3";

const tokenOf = (byte: string) => `0x${byte.repeat(32)}`;
const entryOf = (byte: string, more: object = {}) => ({
  name: "model-provenance",
  endpoint: `${PLACE}/${tokenOf(byte)}`,
  version: "1.0",
  ...more,
});
const read = (file: unknown) => readRegistrationFile(Buffer.from(JSON.stringify(file)), ID);

describe("parseAgentId", function () {
  it("reads back what it writes, whatever chain, address and id", function () {
    const address = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 32n - 1n),
        address,
        fc.bigInt(0n, 2n ** 256n - 1n),
        (chainId, digits, agentId) => {
          const text = `eip155:${chainId}:0x${digits}/${agentId}`;
          const id = parseAgentId(text);
          expect(id).to.include({ chainId, agentId });
          expect(formatAgentId(id as AgentId).toLowerCase()).to.equal(text);
          expect(parseAgentId(formatAgentId(id as AgentId))).to.deep.equal(id);
        },
      ),
    );
  });

  it("takes nothing else", function () {
    const good = `eip155:1:${REGISTRY}/22`;
    expect(parseAgentId(good)).to.deep.equal(ID);
    const wrong = [
      "",
      "22",
      good.replace("eip155", "solana"),
      good.replace(":1:", ":01:"),
      good.replace("/22", ":22"),
      good.replace("/22", "/022"),
      good.replace("/22", "/0x16"),
      good.replace("/22", `/${2n ** 256n}`),
      good.replace("8004A", "8004a"),
      ` ${good}`,
      `${good}\n`,
    ];
    for (const text of wrong) expect(parseAgentId(text), text).to.equal(undefined);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(parseAgentId(text)).to.equal(undefined);
      }),
    );
  });
});

describe("readRegistrationFile", function () {
  it("finds the models among services of other kinds, in the list of either text, each record once", function () {
    const services = [
      { name: "A2A", endpoint: "https://agent.example/card.json" },
      entryOf("ab"),
      entryOf("ab"),
      "junk",
      null,
    ];
    const file = { type: TYPE, name: "Helper", services, endpoints: [entryOf("cd")], registrations: [OWN] };
    const { models, ...rest } = read(file);
    expect(rest).to.deep.equal({ name: "Helper", faults: [], warnings: [] });
    expect(models).to.deep.equal([
      { registry: PLACE, tokenId: tokenOf("ab") },
      { registry: PLACE, tokenId: tokenOf("cd") },
    ]);
  });

  it("says what is wrong with an entry that names no record, and takes copies that are texts alone", function () {
    const model = { name: "Iris", license: 7, creator: "did:pkh:eip155:1:0x0", modelDigest: tokenOf("ab") };
    const services = [
      entryOf("ab", { model }),
      entryOf("ab", { endpoint: "https://example.org" }),
      entryOf("ab", { endpoint: { toString: 1 } }),
      entryOf("ef", { model }),
    ];
    const { models, faults } = read({ services });
    expect(models).to.deep.equal([
      { registry: PLACE, tokenId: tokenOf("ab"), name: "Iris", creator: "did:pkh:eip155:1:0x0" },
    ]);
    expect(faults).to.have.length(3);
    expect(faults[2]).to.include("another model than its modelDigest");
  });

  it("warns of a file that is of no agent, or of another one", function () {
    const known = { type: TYPE, registrations: [{ ...OWN, agentId: "22" }] };
    expect(read(known).warnings).to.deep.equal([]);
    for (const registrations of [
      undefined,
      [],
      [{ ...OWN, agentId: 23 }],
      [{ agentRegistry: {}, agentId: { toString: 1 } }],
    ]) {
      expect(read({ type: TYPE, registrations }).warnings.join()).to.include("does not name this agent");
    }
    expect(read({ registrations: [OWN] }).warnings.join()).to.include("does not say that it is a registration file");
    const many = read({ ...known, services: Array.from({ length: 101 }, () => entryOf("ab")) });
    expect(many.warnings.join()).to.include("Of 101 models that it names 100 were read");
  });

  it("reads whatever JSON there is, and refuses what is none with an error of its own", function () {
    const value = fc.jsonValue({ depthSize: "small" });
    const entry = fc.record({ name: fc.constant("model-provenance"), endpoint: value, model: value });
    const file = fc.record({
      type: value,
      name: value,
      services: fc.oneof(value, fc.array(entry)),
      registrations: value,
    });
    fc.assert(
      fc.property(fc.oneof(value, file), (json) => {
        const { models } = read(json);
        for (const { registry, tokenId } of models)
          expect(`${registry}/${tokenId}`).to.match(/^eip155:\d+:0x\w{40}\/0x\w{64}$/);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readRegistrationFile(bytes, ID);
        } catch (error) {
          expect(error).to.be.instanceOf(ProvenanceError);
        }
      }),
    );
    const deep = Buffer.from("[".repeat(100_000));
    expect(() => readRegistrationFile(deep, ID)).to.throw(ProvenanceError, "nested");
    expect(() => readRegistrationFile(Buffer.alloc(2 ** 20 + 1, 32), ID)).to.throw(ProvenanceError, "more than");
  });
});

describe("judgeStatement", function () {
  it("does not know where a registry that may be the one could not be asked, and says no where nobody is trusted there", function () {
    const agent = { id: formatAgentId(ID), ...read({ services: [entryOf("ab")] }) };
    const judge = (unreachable: readonly string[]) =>
      judgeStatement(agent, BigInt(tokenOf("ab")), { registries: [], unreachable });
    expect(judge([])).to.include({ kind: "refused" });
    expect(judge(["The registry 0x…: no answer."])).to.include({ kind: "unknown" });
    expect(judgeStatement(agent, 1n, { registries: [], unreachable: [] })).to.include({ kind: "differs" });
  });
});
