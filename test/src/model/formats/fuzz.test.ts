import { expect } from "chai";
import fc from "fast-check";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { describeFormats } from "../../../../src/model/formats/describe-formats.ts";
import { type ModelFiles, readModelVectors, toSources } from "../../../helpers/model-vectors.ts";

/** One change of a file: bytes overwritten, cut out, put in, or the end cut off. */
type Mutation =
  | { readonly kind: "overwrite" | "insert"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "remove"; readonly at: number; readonly count: number }
  | { readonly kind: "truncate"; readonly at: number };

const position = fc.double({ min: 0, max: 1, noNaN: true });
// What breaks readers: extremes of lengths, counts and offsets, and bytes with a meaning in one of the formats.
const extremes = [
  0n,
  1n,
  0x7fffffffn,
  0xffffffffn,
  1n << 53n,
  1n << 60n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 1n,
];
const bytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 16 }),
  fc.constantFrom(...extremes).map((value) => {
    const encoded = Buffer.alloc(8);
    encoded.writeBigUInt64LE(value);
    return new Uint8Array(encoded);
  }),
  fc.constantFrom('{"', '"', "[[[[", "]", ",", ":", "-1", "1e400", "\\", "\xff\xff\xff\xff\xff\x01", "PK").map(latin1),
);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constantFrom("overwrite" as const, "insert" as const), at: position, bytes }),
  fc.record({ kind: fc.constant("remove" as const), at: position, count: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant("truncate" as const), at: position }),
);

function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

function mutate(file: Buffer, change: Mutation): Buffer {
  // Headers stand in front: half of all positions fall into the first 256 bytes.
  const limit = change.at < 0.5 ? Math.min(file.length, 256) : file.length;
  const at = Math.floor(((change.at * 2) % 1) * limit);
  switch (change.kind) {
    case "overwrite": {
      const copy = Buffer.from(file);
      copy.set(change.bytes.subarray(0, file.length - at), at);
      return copy;
    }
    case "insert":
      return Buffer.concat([file.subarray(0, at), change.bytes, file.subarray(at)]);
    case "remove":
      return Buffer.concat([file.subarray(0, at), file.subarray(at + change.count)]);
    case "truncate":
      return file.subarray(0, at);
  }
}

/** Describes a model and answers how it failed, if it did; anything but our own error goes through. */
async function describeSafely(files: ModelFiles): Promise<string> {
  try {
    const { tensors, parameters } = await describeFormats(toSources(files));
    for (const { elements } of tensors) if (!Number.isSafeInteger(elements) || elements < 0) return "unsafe count";
    return parameters === undefined || Number.isSafeInteger(parameters.total) ? "ok" : "unsafe total";
  } catch (error) {
    if (error instanceof ProvenanceError) return error.code;
    throw error;
  }
}

describe("describeFormats of mutated files", function () {
  for (const format of ["safetensors", "gguf", "onnx", "zip"]) {
    it(`ends in a description or MODEL_HEADER_INVALID, never otherwise: ${format}`, async function () {
      const models = readModelVectors("valid", format).map(({ files }) => files);
      const property = fc.asyncProperty(
        fc.constantFrom(...models),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (files, mutations, pick) => {
          const names = Object.keys(files);
          const name = names[pick % names.length] as string;
          const mutated = mutations.reduce(mutate, files[name] as Buffer);
          expect(await describeSafely({ ...files, [name]: mutated })).to.be.oneOf(["ok", "MODEL_HEADER_INVALID"]);
        },
      );
      await fc.assert(property, { numRuns: 2000, seed: 7 });
    });
  }

  it("refuses or describes arbitrary bytes under every extension", async function () {
    const extensions = ["safetensors", "gguf", "onnx", "keras", "npz", "h5", "tflite", "msgpack", "bin", "pt"];
    const property = fc.asyncProperty(
      fc.constantFrom(...extensions),
      fc.constantFrom("", "GGUF\x03\0\0\0", "PK\x03\x04", "\x08\x0a\x3a"),
      fc.uint8Array({ maxLength: 256 }),
      async (extension, start, rest) => {
        const bytes = Buffer.concat([Buffer.from(start, "latin1"), rest]);
        const outcome = await describeSafely({ [`model.${extension}`]: bytes });
        expect(outcome).to.be.oneOf(["ok", "MODEL_HEADER_INVALID"]);
      },
    );
    await fc.assert(property, { numRuns: 2000, seed: 11 });
  });
});
