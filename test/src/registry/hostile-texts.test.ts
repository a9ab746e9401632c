import { expect } from "chai";
import fc from "fast-check";
import { AbiCoder, Interface, hexlify } from "ethers";
import { lenientInterface } from "../../../src/registry/lenient-interface.ts";
import { readHistory } from "../../../src/registry/lineage/record-history.ts";
import { readRegistryIndex } from "../../../src/registry/lineage/read-index.ts";
import { type ModelRecord, readModelRecord } from "../../../src/registry/model-record.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { Relation, leanSubmission, tokenIdOf } from "../../helpers/submissions.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

// Eight bytes each: no UTF-8, and an escape sequence among them.
const BROKEN = "ff1b5b324a0a80fe";
const READ = "\ufffd\u001b[2J\n\ufffd\ufffd";
const TEXTS = { license: "LLLLLLLL", framework: "FFFFFFFF", version: "VVVVVVVV", performanceMetrics: "MMMMMMMM" };

describe("texts of strangers that are no UTF-8", function () {
  const temporary = useTemporaryFolder();

  /** A model, and another account's child of it with broken texts. */
  async function withHostileChild() {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const modelPath = await temporary.write("model", { "a.safetensors": "a" });
    const tokenId = await recordModel(deployed, { modelPath, statements: {} });
    const { registry, minter } = deployed;
    const child = leanSubmission("child", { ...TEXTS, relation: Relation.FineTune, parents: [tokenId] });
    const data = registry.contract.interface.encodeFunctionData("mintProvenanceNFT", [minter.address, child]);
    await minter.sendTransaction({ to: registry.address, data: spoil(data, ...Object.values(TEXTS)) });
    return { ...deployed, modelPath, tokenId, childId: tokenIdOf(child) };
  }

  it("are shown as they can be, and hide no other record", async function () {
    const { registry, store, modelPath, tokenId, childId } = await withHostileChild();
    const record = await readModelRecord(registry, childId);
    expect(record).to.include({ license: READ, framework: READ, performanceMetrics: READ });
    const { models } = await readRegistryIndex(registry);
    expect([...models.keys()]).to.deep.equal([tokenId, childId]);
    expect((await readHistory(registry, record as ModelRecord)).transfers).to.have.length(1);
    const { verdict, warnings } = await verifyModel({ modelPath, registry, store });
    expect({ verdict, warnings }).to.deep.equal({ verdict: "verified", warnings: [] });
  });

  it("are decoded as UTF-8 wherever they stand, and never fail", function () {
    const abi = [
      "function f() view returns (tuple(string a, uint256[] n, tuple(string b, bytes c)[2] inner) one, string[] list, string last)",
      "event Said(uint256 indexed id, string text, uint256 after)",
    ];
    const lenient = lenientInterface(abi);
    const strict = new Interface(abi);
    const bytes = fc.uint8Array({ maxLength: 80 });
    fc.assert(
      fc.property(bytes, bytes, fc.array(bytes, { maxLength: 4 }), (a, b, list) => {
        const types = ["tuple(bytes,uint256[],tuple(bytes,bytes)[2])", "bytes[]", "bytes"];
        const values = [[a, [1, 2], [[b, a], [a, b]]], list, b]; // prettier-ignore
        const encoded = AbiCoder.defaultAbiCoder().encode(types, values);
        const found = lenient.decodeFunctionResult("f", encoded);
        expect(found["one"].a).to.equal(read(a));
        expect(found["one"].inner[0].b).to.equal(read(b));
        expect(found["one"].inner[1].c).to.equal(hexlify(b));
        expect([...found["one"].n]).to.deep.equal([1n, 2n]);
        expect([...found["list"]]).to.deep.equal(list.map(read));
        expect(found["last"]).to.equal(read(b));
        const log = AbiCoder.defaultAbiCoder().encode(["bytes", "uint256"], [a, 7]);
        const said = lenient.decodeEventLog("Said", log, [
          strict.getEvent("Said")?.topicHash ?? "",
          `0x${"0".repeat(64)}`,
        ]);
        expect([...said]).to.deep.equal([0n, read(a), 7n]);
      }),
    );
  });

  it("are the same to a strict reader where they are UTF-8", function () {
    const abi = ["function f() view returns (string a, tuple(uint256 n, string b) c)"];
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
        const strict = new Interface(abi);
        const encoded = strict.encodeFunctionResult("f", [a, [1, b]]);
        expect(lenientInterface(abi).decodeFunctionResult("f", encoded).toObject(true)).to.deep.equal(
          strict.decodeFunctionResult("f", encoded).toObject(true),
        );
      }),
    );
  });
});

function read(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

/** Puts bytes that are no UTF-8 where eight letters stand in call data. */
function spoil(data: string, ...texts: string[]): string {
  return texts.reduce((result, text) => result.replaceAll(Buffer.from(text).toString("hex"), BROKEN), data);
}
