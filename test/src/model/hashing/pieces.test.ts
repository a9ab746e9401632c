import { createHash } from "node:crypto";
import { expect } from "chai";
import * as fc from "fast-check";
import { digestFiles } from "../../../../src/model/hashing/digest-files.ts";
import { type FilePiece, PieceDigester, packPieces } from "../../../../src/model/hashing/pieces.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;

function digestOf({ offset, length, preamble }: FilePiece, content: Uint8Array): string {
  return createHash("sha256")
    .update(preamble)
    .update(content.subarray(offset, offset + length))
    .digest("hex");
}

/** 64 hex digits a piece. */
function split(digests: Uint8Array | undefined): string[] {
  return (
    Buffer.from(digests ?? [])
      .toString("hex")
      .match(/.{64}/g) ?? []
  );
}

/** Pieces with gaps between them, some of no length, and the length of a file that holds them all. */
const arbitraryPieces = fc
  .array(fc.record({ gap: fc.nat(5), length: fc.nat(40), preamble: fc.uint8Array({ maxLength: 9 }) }), {
    maxLength: 12,
  })
  .map((parts) => {
    let end = 0;
    const pieces = parts.map(({ gap, length, preamble }): FilePiece => {
      const offset = end + gap;
      end = offset + length;
      return { offset, length, preamble };
    });
    return { pieces, end };
  });

describe("PieceDigester", function () {
  it("digests each piece with its preamble, however the bytes are cut", function () {
    fc.assert(
      fc.property(arbitraryPieces, fc.nat(9), fc.integer({ min: 1, max: 50 }), ({ pieces, end }, rest, step) => {
        const content = Buffer.from(Array.from({ length: end + rest }, (_, i) => i % 251));
        const digester = new PieceDigester(packPieces(pieces));
        for (let at = 0; at < content.length; at += step) digester.update(at, content.subarray(at, at + step));
        expect(split(digester.digests())).to.deep.equal(pieces.map((piece) => digestOf(piece, content)));
      }),
    );
  });

  it("gives nothing where the file ends before the last piece", function () {
    const digester = new PieceDigester(packPieces([{ offset: 2, length: 3, preamble: Buffer.alloc(0) }]));
    digester.update(0, Buffer.alloc(4));
    expect(digester.digests()).to.equal(undefined);
  });
});

describe("digestFiles of files with pieces", function () {
  const temporary = useTemporaryFolder();
  const sizes = [0, 10, MIB, 3 * MIB + 7, 40 * MIB + 3];

  function piecesOf(size: number): FilePiece[] {
    const cuts = [0, 1, Math.floor(size / 3), Math.floor(size / 2), size].map((cut) => Math.min(cut, size));
    return cuts.slice(1).map((cut, i) => {
      const offset = Math.min(cut, cuts[i] as number);
      return { offset, length: Math.max(0, cut - offset), preamble: Buffer.from(`piece ${i}`) };
    });
  }

  for (const leaves of [false, true]) {
    for (const threads of [1, 2]) {
      it(`reads them once for all with ${threads} threads${leaves ? ", leaves included" : ""}`, async function () {
        const contents = sizes.map((size) => Buffer.alloc(size, size % 255));
        const folder = await temporary.write("model", Object.fromEntries(contents.map((bytes, i) => [`f${i}`, bytes])));
        const files = sizes.map((size, i) => ({ path: `${folder}/f${i}`, size, pieces: packPieces(piecesOf(size)) }));
        let counted = 0;
        const digests = await digestFiles(files, { leaves, threads, onBytes: (bytes) => (counted += bytes) });
        digests.forEach(({ sha256, pieceDigests, leafDigests }, i) => {
          const content = contents[i] as Buffer;
          expect(sha256).to.equal(createHash("sha256").update(content).digest("hex"));
          expect(leafDigests === undefined).to.equal(!leaves);
          expect(split(pieceDigests)).to.deep.equal(piecesOf(content.length).map((piece) => digestOf(piece, content)));
        });
        expect(counted).to.equal(sizes.reduce((sum, size) => sum + size, 0));
      });
    }
  }
});
