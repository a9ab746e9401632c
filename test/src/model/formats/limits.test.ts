import { expect } from "chai";
import { readGguf } from "../../../../src/model/formats/gguf.ts";
import { readOnnx } from "../../../../src/model/formats/onnx.ts";
import { readSafetensors } from "../../../../src/model/formats/safetensors.ts";
import { failureOf, memorySource } from "../../../helpers/model-vectors.ts";

const MIB = 1024 * 1024;

/** A safetensors file: length, header, data. */
function safetensors(header: string): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([length, Buffer.from(header)]);
}

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

/** A GGUF file up to its metadata. */
function gguf(tensors: bigint, keys: bigint, rest: Buffer): Buffer {
  return Buffer.concat([Buffer.from("GGUF\x03\0\0\0", "latin1"), uint64(tensors), uint64(keys), rest]);
}

describe("Limits of headers", function () {
  it("refuses 10^6 tensors in a safetensors header before they are built", async function () {
    const header = `{${Array.from({ length: 1_000_000 }, (_, i) => `"${i}":[[]]`).join(",")}}`;
    expect(await failureOf(() => readSafetensors("m", memorySource(safetensors(header))))).to.equal(
      "MODEL_HEADER_INVALID",
    );
  });

  it("reads the length alone of a safetensors header that is too long", async function () {
    const source = memorySource(uint64(100_000_001n), 2 ** 40);
    expect(await failureOf(() => readSafetensors("m", source))).to.equal("MODEL_HEADER_INVALID");
    expect(source.bytesRead()).to.equal(8);
  });

  it("stops within the header's bound at a GGUF file of 1 TiB of empty texts", async function () {
    // A key of 0 texts of 0 bytes each, 2^36 of them: the rest of the file is zeros.
    const array = Buffer.concat([uint64(1n), Buffer.from("k\x09\0\0\0\x08\0\0\0", "latin1"), uint64(1n << 36n)]);
    const source = memorySource(gguf(0n, 1n, array), 2 ** 40);
    expect(await failureOf(() => readGguf("m", source))).to.equal("MODEL_HEADER_INVALID");
    expect(source.bytesRead()).to.be.lessThan(MIB);
  });

  it("takes a tokenizer of 300 000 words without keeping it", async function () {
    const words = Array.from({ length: 300_000 }, (_, i) => {
      const word = Buffer.from(`word${i}`);
      return Buffer.concat([uint64(BigInt(word.length)), word]);
    });
    const array = [uint64(1n), Buffer.from("k\x09\0\0\0\x08\0\0\0", "latin1"), uint64(300_000n), ...words];
    const header = await readGguf("m", memorySource(gguf(0n, 1n, Buffer.concat(array))));
    expect(header.metadata.size).to.equal(0);
  });

  it("seeks over the weights of an ONNX file of 1 TiB", async function () {
    const varint = (value: number): number[] =>
      value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
    const dataLength = 2 ** 40;
    const dimensions = [0x0a, varint(dataLength / 4).length, ...varint(dataLength / 4)];
    // data_type: float, name: "w", and raw_data
    const body = [...dimensions, 0x10, 1, 0x42, 1, 0x77, 0x4a, ...varint(dataLength)];
    const initializer = [0x2a, ...varint(body.length + dataLength), ...body];
    const file = Buffer.from([0x08, 10, 0x3a, ...varint(initializer.length + dataLength), ...initializer]);
    const source = memorySource(file, file.length + dataLength);
    const { initializers } = await readOnnx("m", source);
    expect(initializers[0]?.place).to.deep.equal({ file: "m", offset: file.length, length: dataLength });
    expect(source.bytesRead()).to.be.lessThan(MIB);
  });

  it("refuses an ONNX file of more fields than a graph has", async function () {
    const file = Buffer.alloc(10 * MIB, Buffer.from([0x10, 0x00]));
    expect(await failureOf(() => readOnnx("m", memorySource(file)))).to.equal("MODEL_HEADER_INVALID");
  });
});
