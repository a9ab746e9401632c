import { expect } from "chai";
import { describeFormats } from "../../../../src/model/formats/describe-formats.ts";
import { findUnsafeSerialization } from "../../../../src/model/formats/unsafe-serialization.ts";
import { readModelVectors, toSources } from "../../../helpers/model-vectors.ts";

describe("findUnsafeSerialization", function () {
  for (const { name, description, files, expected } of readModelVectors<{ expected: { unsafe?: string[] } }>(
    "valid",
    "zip",
  )) {
    it(`judges ${name}: ${description}`, async function () {
      expect(await findUnsafeSerialization(toSources(files))).to.deep.equal(expected.unsafe ?? []);
    });
  }

  for (const { name, description, files } of readModelVectors("invalid", "zip")) {
    it(`takes archives that are malformed for unsafe, as the whole description does: ${name}, ${description}`, async function () {
      const archives = Object.keys(files).filter((file) => /\.(keras|npz)$/.test(file));
      expect(await findUnsafeSerialization(toSources(files))).to.deep.equal(archives);
      const described = await describeFormats(toSources(files), { onInvalid: () => undefined });
      expect(described.unsafeSerialization).to.deep.equal(archives);
    });
  }

  it("opens no file of another format, and no pickle", async function () {
    const names = ["model.safetensors", "model.gguf", "README.md", "model.pt", "weights.pkl.gz"];
    const files = names.map((name) => ({ name, open: () => Promise.reject(new Error("opened")) }));
    expect(await findUnsafeSerialization(files)).to.deep.equal(["model.pt", "weights.pkl.gz"]);
  });
});
