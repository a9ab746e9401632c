import { expect } from "chai";
import { deployModelProvenance, ethers, leanSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { digestOf, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture } = networkHelpers;

describe("Submissions", function () {
  const WORD = 64;

  /** The calldata of a mint, split into what comes before the submission and the submission's words. */
  async function encodedMint() {
    const context = await deployModelProvenance();
    const submission = leanSubmission("model", { version: "1.0.0" });
    const data = context.registry.interface.encodeFunctionData("mintProvenanceNFT", [
      context.owner.address,
      submission,
    ]);
    const start = 2 + 8 + 2 * WORD;
    const words: string[] = data.slice(start).match(/.{64}/g) ?? [];
    const send = (changed: string[], tail = "") =>
      context.minter.sendTransaction({ to: context.registry, data: data.slice(0, start) + changed.join("") + tail });
    return { ...context, submission, words, send, start };
  }

  const PARENTS = 6;
  const FRAMEWORK = 8;
  const VERSION = 11;
  const HEAD = 14;
  const word = (value: bigint | number) => value.toString(16).padStart(WORD, "0");

  it("takes the calldata as every encoder makes them, whatever follows them", async function () {
    const { registry, owner, submission, words, send } = await loadFixture(encodedMint);
    await send(words, "ff".repeat(40));
    expect(await registry.ownerOf(tokenIdOf(submission))).to.equal(owner.address);
  });

  it("reverts when a part is not where it belongs", async function () {
    const { registry, submission, words, send } = await loadFixture(encodedMint);
    for (const index of [PARENTS, FRAMEWORK, FRAMEWORK + 1, FRAMEWORK + 2, VERSION]) {
      const moved = words.with(index, word(BigInt(`0x${words[index] ?? ""}`) + 32n));
      await expect(send([...moved, word(0)]))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnusualEncoding")
        .withArgs(submission.modelDigest);
    }
  });

  it("reverts when the calldata end inside of a part", async function () {
    const { registry, submission, words, send } = await loadFixture(encodedMint);
    await expect(send(words.slice(0, -1)))
      .to.be.revertedWithCustomError(registry, "ModelProvenanceUnusualEncoding")
      .withArgs(submission.modelDigest);
  });

  it("reverts when anything but zeros follows a text in its last word", async function () {
    const { registry, minter, owner, start } = await loadFixture(encodedMint);
    const texts = ["framework", "license", "performanceMetrics", "version"] as const;
    for (const [i, name] of texts.entries()) {
      for (const length of name === "performanceMetrics" ? [0, 1, 30, 31] : [0, 1, 31, 32, 33, 63, 64]) {
        const submission = leanSubmission("padded", { [name]: "x".repeat(length) });
        const data = registry.interface.encodeFunctionData("mintProvenanceNFT", [owner.address, submission]);
        const words: string[] = data.slice(start).match(/.{64}/g) ?? [];
        const last = Number(BigInt(`0x${words[FRAMEWORK + i] ?? ""}`)) / 32 + Math.ceil(length / 32);
        const to = await registry.getAddress();
        const call = async (changed: string[]) => minter.call({ to, data: data.slice(0, start) + changed.join("") });
        await call(words);
        for (let byte = length % 32; byte > 0 && byte < 32; byte++) {
          const padded = words[last] ?? "";
          const dirty = words.with(last, `${padded.slice(0, 2 * byte)}01${padded.slice(2 * byte + 2)}`);
          await expect(call(dirty), `${name} of ${length.toString()} bytes, byte ${byte.toString()}`)
            .to.be.revertedWithCustomError(registry, "ModelProvenanceUnusualEncoding")
            .withArgs(submission.modelDigest);
        }
      }
    }
  });

  it("reverts when a length is absurd", async function () {
    const { registry, words, send } = await loadFixture(encodedMint);
    for (const count of [17n, 2n ** 59n, 2n ** 256n - 1n]) {
      await expect(send(words.with(HEAD, word(count))))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceTooManyParents")
        .withArgs(count, 16n);
    }
    for (const length of [65n, 2n ** 64n, 2n ** 256n - 1n]) {
      await expect(send(words.with(HEAD + 1, word(length))))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceTextTooLong")
        .withArgs(length, 64n);
    }
  });

  it("reverts when a field of fixed length does not fit its type", async function () {
    const { words, send } = await loadFixture(encodedMint);
    await expect(send(words.with(5, word(8)))).to.be.revert(ethers);
    await expect(send(words.with(12, word(2n ** 160n)))).to.be.revert(ethers);
    await expect(send(words.with(13, word(2n ** 96n)))).to.be.revert(ethers);
  });

  it("emits what an ordinary encoder would, with every field given", async function () {
    const { registry, asMinter, owner, minter } = await loadFixture(deployModelProvenance);
    const parents = [leanSubmission("a"), leanSubmission("b"), leanSubmission("c")];
    await asMinter.mintBatch(owner, parents);
    const submission = leanSubmission("child", {
      relation: 5n,
      parents: parents.map(tokenIdOf),
      datasetDigest: digestOf("data"),
      framework: "f".repeat(33),
      license: "l".repeat(64),
      performanceMetrics: "m".repeat(31),
      version: "v".repeat(32),
    });
    const receipt = await (await asMinter.mintProvenanceNFT(owner, submission)).wait();
    const log = receipt?.logs.find(
      ({ topics }) => topics[0] === registry.getEvent("ProvenanceDataRecorded").fragment.topicHash,
    );
    const { timestamp } = (await receipt?.getBlock()) ?? { timestamp: 0 };
    const expected = registry.interface.encodeEventLog("ProvenanceDataRecorded", [
      tokenIdOf(submission),
      minter.address,
      submission.weightsDigest,
      submission.manifestRoot,
      submission.datasetDigest,
      submission.metadataDigest,
      timestamp,
      submission.relation,
      submission.parents,
      submission.framework,
      submission.license,
      submission.performanceMetrics,
      submission.version,
    ]);
    expect({ data: log?.data, topics: log?.topics }).to.deep.equal(expected);
  });
});
