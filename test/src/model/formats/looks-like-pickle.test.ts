import { expect } from "chai";
import { fileSource } from "../../../../src/model/formats/file-source.ts";
import { findUnsafeSerialization } from "../../../../src/model/formats/unsafe-serialization.ts";
import { judge } from "../../../../src/verify/policy/judge.ts";
import { readModelFormats } from "../../../../src/verify/model-at-hand.ts";
import { createSafetensors } from "../../../helpers/safetensors.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const PICKLE = Buffer.from("\x80\x04cos\nsystem\n(.", "latin1");
const SAFETENSORS = createSafetensors({ w: { dtype: "U8", shape: [4], data_offsets: [0, 4] } }, 4);

/** A zip archive with one stored file, else an empty one. */
function zipOf(name: string, content = Buffer.alloc(0)): Buffer {
  const local = Buffer.alloc(30 + name.length);
  local.writeUInt32LE(0x04034b50);
  local.writeUInt32LE(content.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(name.length, 26);
  local.write(name, 30);
  const entry = Buffer.alloc(46 + name.length);
  entry.writeUInt32LE(0x02014b50);
  entry.writeUInt32LE(content.length, 20);
  entry.writeUInt32LE(content.length, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.write(name, 46);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length + content.length, 16);
  return Buffer.concat([local, content, entry, end]);
}

function npy(type: string): Buffer {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (1,), }\n`;
  const head = Buffer.from("\x93NUMPY\x01\x00\x00\x00", "latin1");
  head.writeUInt16LE(text.length, 8);
  return Buffer.concat([head, Buffer.from(text), Buffer.alloc(8)]);
}

describe("pickles under other names", function () {
  const temporary = useTemporaryFolder();

  /** Rules that a model of safetensors and one file more breaks. */
  async function rulesBroken(
    name: string,
    content: Uint8Array | string,
    allow: "safetensors" | "code" = "safetensors",
  ) {
    const path = await temporary.write("model", { "model.safetensors": SAFETENSORS, [name]: content });
    const formats = await readModelFormats(path, {});
    const unsafe = await findUnsafeSerialization([fileSource(name, `${path}/${name}`)]);
    expect(formats.unsafe, "hashing names the same files").to.deep.equal(unsafe);
    const policy = {
      schemaVersion: "1.0" as const,
      formats: { allow: [...new Set(["safetensors" as const, allow])], refuse: ["pickle" as const] },
    };
    const report = { record: { mintedAt: 0, parents: [] } };
    return judge(policy, { formats, now: 1, report } as never).map(({ rule }) => rule);
  }

  const names =
    "x.th x.dill x.npy x.pk x.pickle.gz x.joblib.z x.t7 x.mar x.nemo x.tar x.zip x.data x.h5 x.hdf5 x.model";
  for (const name of [...names.split(" "), "pytorch_model.bin.1", "variables/x", "x.onnx_data", "weights"]) {
    it(`refuses a pickle as ${name}, by what is refused and by what is allowed`, async function () {
      expect(await rulesBroken(name, PICKLE)).to.include.members(["formats.refuse", "formats.allow"]);
    });
  }

  for (const [what, name, content] of [
    ["of protocol 0", "x.data", "cos\nsystem\n(S'true'\ntR."],
    ["of protocol 0, after a mark", "x.data", "(cos\nsystem\nS'true'\no."],
    ["in a zip archive", "x.zip", zipOf("archive/data.pkl")],
    ["in a zip archive under any name", "weights", zipOf("a/b.PT")],
    ["in a zip archive under a name that says nothing", "x.zip", zipOf("a/b", PICKLE)],
    ["in a zip archive, behind a value that is dropped", "x.zip", zipOf("a/b.dat", Buffer.from("N0cos\nsystem\n(tR."))],
    ["in an archive cut off", "x.zip", zipOf("a.pkl").subarray(0, 40)],
    ["in an array of objects", "x.npy", npy("|O")],
    ["in an array of objects under another name", "x.array", npy("|O")],
  ] as const) {
    it(`refuses one ${what}`, async function () {
      expect(await rulesBroken(name, content)).to.include.members(["formats.refuse", "formats.allow"]);
    });
  }

  for (const [name, content] of [
    ["x.npy", npy("<f8")],
    ["x.zip", zipOf("notes.txt")],
    ["y.zip", zipOf("notes.txt", PICKLE)],
    ["z.zip", zipOf("data", Buffer.from("B\xff\xff\xff\x3fnumbers", "latin1"))],
    ["tokenizer.model", "\n\x0e\n\x05<unk>"],
    ["config.json", "{}"],
    ["LICENSE", "copyright"],
    ["empty", ""],
  ] as const) {
    it(`accepts ${name} without one`, async function () {
      expect(await rulesBroken(name, content)).to.deep.equal([]);
    });
  }

  for (const name of [
    "modeling_x.py",
    "lib/kernel.so",
    "kernel.so.1",
    "run.SH",
    "a.dll",
    "a.dylib",
    "a.exe",
    "a.pyc",
  ]) {
    it(`refuses the program ${name} unless code is allowed`, async function () {
      expect(await rulesBroken(name, "code")).to.deep.equal(["formats.allow"]);
      expect(await rulesBroken(name, "code", "code")).to.deep.equal([]);
    });
  }
});
