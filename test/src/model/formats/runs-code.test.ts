import { expect } from "chai";
import { deflateSync, gzipSync } from "node:zlib";
import { describeFormats } from "../../../../src/model/formats/describe-formats.ts";
import { findUnsafeSerialization } from "../../../../src/model/formats/unsafe-serialization.ts";
import { toSources } from "../../../helpers/model-vectors.ts";
import { createZip } from "../../../helpers/zip-archive.ts";

const CALL = "cposix\ngetcwd\n(tR.";
const unsafeOf = (files: Record<string, Buffer>) => findUnsafeSerialization(toSources(files));

function npy(descr: string, data: Uint8Array | string = ""): Buffer {
  const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': (2,), }\n`;
  const head = Buffer.from("\x93NUMPY\x01\x00\x00\x00", "latin1");
  head.writeUInt16LE(text.length, 8);
  return Buffer.concat([head, Buffer.from(text), Buffer.from(data)]);
}

const kerasOf = (layer: unknown) =>
  createZip({
    "metadata.json": JSON.stringify({ keras_version: "3.11.0" }),
    "config.json": JSON.stringify({ module: "keras", class_name: "Sequential", config: { layers: [layer] } }),
  });
const object = (module: string | null, class_name: string, config: unknown = {}) => ({ module, class_name, config });

describe("files that may run code", function () {
  for (const type of [
    "'<f4'",
    "'<U3'",
    "'|S4'",
    "'<M8[D]'",
    "'<V2'",
    "'|b1'",
    "[('a', '<f4'), ('O', '<i4', (2, 3))]",
    "'bfloat16'",
  ]) {
    it(`are no arrays of ${type}`, async function () {
      const files = { "a.npy": npy(type), "b.npz": createZip({ "w.npy": npy(type) }), "c.data": npy(type) };
      expect(await unsafeOf(files)).to.deep.equal([]);
    });
  }

  for (const type of [
    "'|O'",
    "'O'",
    "[('a', '<f4'), ('b', '|O')]",
    "[('a', [('b', '|O')])]",
    "__import__('os')",
    "'|O",
  ]) {
    it(`are arrays of ${type}`, async function () {
      const files = { "a.npy": npy(type), "b.npz": createZip({ "w.npy": npy(type) }), "c.data": npy(type) };
      expect(await unsafeOf(files)).to.deep.equal(["a.npy", "b.npz", "c.data"]);
    });
  }

  for (const [what, layer] of Object.entries({
    "a layer of Keras": object("keras.layers", "Dense"),
    "a layer of Keras 2.15": object("keras.src.layers.core.dense", "Dense"),
    "a layer without a module": { class_name: "Dense", config: {} },
    "a function of Keras": object("keras.activations", "function", "relu"),
    "a function that the loader must know": object("builtins", "function", "my_activation"),
    "a type of numbers": object("keras", "DTypePolicy", { name: "float32" }),
  })) {
    it(`are no Keras archives with ${what}`, async function () {
      expect(await unsafeOf({ "m.keras": kerasOf(layer) })).to.deep.equal([]);
    });
  }

  for (const [what, layer] of Object.entries({
    "a Lambda layer": object("keras.layers", "Lambda"),
    "a Lambda layer without a module": { class_name: "Lambda" },
    "a module of PyTorch": object("keras.layers", "TorchModuleWrapper", { module: "gASVAA==" }),
    "a SavedModel that it names": object("keras.layers", "TFSMLayer", { filepath: "x" }),
    "a layer of another package": object("other.layers", "Layer"),
    "a package that begins like Keras": object("keras_evil.layers", "Layer"),
    "a function of another module": object("os", "function", "system"),
    "a function of Keras that loads": object("keras.utils", "function", "get_file"),
    "a function of Keras that loads models": object("keras.models", "function", "load_model"),
    "a type of another name": object("builtins", "eval"),
    "a module that is no text": { module: ["os"], class_name: "Dense" },
  })) {
    it(`are Keras archives with ${what}, however deep`, async function () {
      expect(await unsafeOf({ "m.keras": kerasOf(layer) })).to.deep.equal(["m.keras"]);
      const nested = object("keras.layers", "Bidirectional", { layer: { config: [layer] } });
      expect(await unsafeOf({ "m.keras": kerasOf(nested) })).to.deep.equal(["m.keras"]);
    });
  }

  it("are packed pickles under another name", async function () {
    const pickle = Buffer.concat([Buffer.from(CALL), Buffer.alloc(100_000, "x")]);
    const files = { "a.dat": gzipSync(pickle), "b.dat": deflateSync(pickle), "c.dat": Buffer.from("BZh91AY&SYxxxx") };
    expect(await unsafeOf(files)).to.deep.equal(["a.dat", "b.dat", "c.dat"]);
  });

  it("are no packed texts", async function () {
    const text = Buffer.from("some words of a corpus\n".repeat(10_000));
    const files = {
      "a.gz": gzipSync(text),
      "b.dat": deflateSync(text),
      "corpus.txt.bz2": Buffer.from("BZh91AY&SYxxxx"),
    };
    expect(await unsafeOf(files)).to.deep.equal([]);
  });

  describe("of HDF5", function () {
    const hdf5 = (text: string, before = 0) =>
      Buffer.concat([
        Buffer.alloc(before),
        Buffer.from("\x89HDF\r\n\x1a\n", "latin1"),
        Buffer.alloc(1024 * 1024 - 30),
        Buffer.from(text),
      ]);

    for (const before of [0, 512, 1024, 2048]) {
      it(`are those with a Lambda layer, also behind a user block of ${before} bytes`, async function () {
        const config = JSON.stringify({ class_name: "Sequential", config: [{ class_name: "Lambda", config: {} }] });
        expect(await unsafeOf({ "m.h5": hdf5(config, before) })).to.deep.equal(["m.h5"]);
        expect(await unsafeOf({ "m.hdf5": hdf5(config.replace(":", ": "), before) })).to.deep.equal(["m.hdf5"]);
        expect(await unsafeOf({ "m.h5": hdf5(config.replace("Lambda", "Dense"), before) })).to.deep.equal([]);
        const { formats } = await describeFormats(toSources({ "m.h5": hdf5("", before) }));
        expect(formats).to.deep.equal(["hdf5"]);
      });
    }
  });

  it("are no .bin of ggml or Core ML, and all others are", async function () {
    const blob = Buffer.alloc(256);
    blob.writeUInt32LE(3, 0);
    blob.writeUInt32LE(2, 4);
    const files = {
      "ggml-base.bin": Buffer.from("lmgg\x99\xca\0\0", "latin1"),
      "weights/weight.bin": blob,
      "model.bin": Buffer.from("GGUF\0\0\0\0"),
      "other.bin": Buffer.alloc(64),
    };
    expect(await unsafeOf(files)).to.deep.equal(["model.bin", "other.bin"]);
  });
});
