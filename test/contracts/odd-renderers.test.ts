import { expect } from "chai";
import fc from "fast-check";
import hre from "hardhat";
import { deployModelProvenance, ethers, leanSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { Status, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture, setCode } = networkHelpers;

const RENDERER = "0x000000000000000000000000000000000000dEaD";
/** Code that reverts, that burns all gas, and that answers a megabyte. */
const REVERTS = "0x5f5ffd";
const BURNS = "0x5b5f56";
const ANSWERS_A_MEGABYTE = "0x621000005ff3";
/** Code that answers these bytes, which stand behind it. */
const answering = (answer: string) => `0x600b380380600b5f395ff3${answer.slice(2)}`;
/** What one transaction may use, and so a call here. */
const MAX_GAS = 16_777_216n;
const MEMBERS = ["name", "description", "metadata_uri", "attributes"];

function decodeJson(uri: string): Record<string, unknown> {
  const [prefix, base64 = ""] = uri.split(",");
  expect(prefix).to.equal("data:application/json;base64");
  const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(base64, "base64"));
  return JSON.parse(text) as Record<string, unknown>;
}

/** The answer of a function that returns one text. */
const encodeText = (text: string) => ethers.AbiCoder.defaultAbiCoder().encode(["string"], [text]);

describe("A renderer that nobody can rely on", function () {
  async function revokeModel() {
    const context = await deployModelProvenance();
    const { registry, asMinter, admin, owner } = context;
    const tokenId = tokenIdOf(leanSubmission("model"));
    await asMinter.mintProvenanceNFT(owner, leanSubmission("model"));
    await asMinter.setStatus(tokenId, Status.Revoked, "poisoned data");
    await setCode(RENDERER, REVERTS);
    await registry.connect(admin).setRenderer(RENDERER);
    await registry.connect(admin).lockRenderer();
    /** Both documents, of which the words must be as ever; what they show of the renderer. */
    const pictures = async (gasLimit = MAX_GAS) => {
      const { image: tokenImage, ...token } = decodeJson(await registry.tokenURI(tokenId, { gasLimit }));
      expect(Object.keys(token)).to.deep.equal(MEMBERS);
      expect(token["name"]).to.match(/^Revoked model 0x[0-9a-f]{4}…[0-9a-f]{4}$/);
      expect(token["description"]).to.contain("poisoned data");
      const { image, ...collection } = decodeJson(await registry.contractURI({ gasLimit }));
      expect(collection).to.deep.equal({ name: "Model Provenance" });
      expect(image).to.equal(tokenImage);
      return image;
    };
    return { pictures };
  }

  const word = (value: bigint | number) => ethers.toBeHex(value, 32).slice(2);

  for (const [what, answer] of Object.entries({
    nothing: "0x",
    "one word": `0x${word(1)}`,
    "five bytes": "0x0102030405",
    "a text of no length": encodeText(""),
    "a length that is larger than the answer": `0x${word(32)}${word(255)}`,
    "a length that overflows": `0x${word(32)}${"ff".repeat(32)}${word(0)}`,
    "an offset behind the answer": `0x${word(64)}${word(5)}`,
    "an offset that overflows": `0x${"ff".repeat(32)}${word(5)}${word(0)}`,
  })) {
    it(`that answers ${what} loses its picture`, async function () {
      const { pictures } = await loadFixture(revokeModel);
      await setCode(RENDERER, answering(answer));
      expect(await pictures()).to.equal(undefined);
    });
  }

  for (const [what, code] of Object.entries({
    reverts: REVERTS,
    "burns its gas": BURNS,
    "answers a megabyte": ANSWERS_A_MEGABYTE,
  })) {
    it(`that ${what} loses its picture, however much gas there is`, async function () {
      const { pictures } = await loadFixture(revokeModel);
      await setCode(RENDERER, code);
      for (const gasLimit of [300_000n, 450_000n, 700_000n, 1_000_000n, 3_000_000n, 10_000_000n, 16_000_000n]) {
        expect(await pictures(gasLimit), `${gasLimit}`).to.equal(undefined);
      }
    });
  }

  it("that lost its code loses its picture", async function () {
    const { pictures } = await loadFixture(revokeModel);
    await setCode(RENDERER, "0x");
    expect(await pictures()).to.equal(undefined);
  });

  it("that answers a text adds no member to a document", async function () {
    const { pictures } = await loadFixture(revokeModel);
    for (const text of ['x","name":"a fine model","y":"', 'x\\","name":"fine', "\u0000\n\t", "data:é模😀"]) {
      await setCode(RENDERER, answering(encodeText(text)));
      expect(await pictures()).to.equal(text);
    }
  });

  it("that answers what is no UTF-8 leaves valid documents", async function () {
    const { pictures } = await loadFixture(revokeModel);
    for (const [bytes, shown] of [
      ["61ff62", "a\ufffdb"],
      ["c328", "\ufffd("],
      ["eda080", "\ufffd\ufffd\ufffd"],
      ["f09f98", "\ufffd\ufffd\ufffd"],
      ["6162c3", "ab\ufffd"],
    ] as const) {
      await setCode(RENDERER, answering(`0x${word(32)}${word(bytes.length / 2)}${bytes.padEnd(64, "0")}`));
      expect(await pictures()).to.equal(shown);
    }
  });

  it("that answers a long picture shows it where there is gas, and never costs the words", async function () {
    // Instrumented code takes more gas than the limits here are for.
    if (hre.globalOptions.coverage) this.skip();
    const { pictures } = await loadFixture(revokeModel);
    const long = `data:image/svg+xml;base64,${"A".repeat(30_000)}`;
    await setCode(RENDERER, answering(encodeText(long)));
    for (let gasLimit = 400_000n; gasLimit < 16_000_000n; gasLimit = (gasLimit * 5n) / 4n) {
      expect(await pictures(gasLimit)).to.be.oneOf([undefined, long]);
    }
    expect(await pictures()).to.equal(long);
    // Of which every byte takes more when it is escaped.
    for (const filling of ["01", "ff", "22", "c3a9", "41"]) {
      const bytes = filling.repeat(60_000 / filling.length);
      await setCode(RENDERER, answering(`0x${word(32)}${word(30_000)}${bytes}${"00".repeat(16)}`));
      for (let gasLimit = 400_000n; gasLimit < MAX_GAS; gasLimit = (gasLimit * 5n) / 4n) await pictures(gasLimit);
    }
  });

  it("whatever it answers, both documents can be parsed and say what they should", async function () {
    const { pictures } = await loadFixture(revokeModel);
    const anyText = fc.string({ unit: "binary", maxLength: 200 }).map(encodeText);
    const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => ethers.hexlify(bytes));
    const words = fc
      .array(fc.bigInt({ min: 0n, max: 130n }), { maxLength: 5 })
      .map((all) => `0x${all.map(word).join("")}`);
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyText, anyBytes, words), async (answer) => {
        await setCode(RENDERER, answering(answer));
        await pictures();
      }),
      { numRuns: 60 },
    );
  });
});
