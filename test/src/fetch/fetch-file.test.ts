import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import * as fc from "fast-check";
import type { CID } from "multiformats/cid";
import { type PieceReading, fetchFile } from "../../../src/fetch/fetch-file.ts";
import { readUncached } from "../../../src/content/unixfs/read-dag.ts";
import { buildUnixfsFile } from "../../../src/content/unixfs/unixfs-file.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { resourceOf } from "../../helpers/resources.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const FAULTS = ["none", "none", "none", "flip", "truncate", "extend", "missing"] as const;

/** A store that fails as it is told, read by read. */
class UnreliableStore extends MemoryStore {
  faults: (typeof FAULTS)[number][] = [];

  override readonly get = async (cid: CID): Promise<Uint8Array> => {
    const bytes = this.blocks.get(cid.toString());
    const fault = this.faults.shift() ?? "none";
    if (bytes === undefined || fault === "missing") return new MemoryStore().get(cid);
    if (fault === "truncate") return bytes.subarray(0, bytes.length >> 1);
    if (fault === "extend") return Buffer.concat([bytes, Buffer.alloc(1)]);
    return fault === "flip" ? bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 0x80 : byte)) : bytes;
  };
}

describe("fetchFile", function () {
  const temporary = useTemporaryFolder();

  const content = Buffer.alloc(3 * MIB + 9);
  for (let i = 0; i < content.length; i += 64) content.writeUInt32LE(i + 1, i);
  const resource = resourceOf("a/b/weights.bin", content);

  async function open() {
    const store = new UnreliableStore();
    const building = buildUnixfsFile([content]);
    let next = await building.next();
    for (; !next.done; next = await building.next()) store.add(next.value);
    const counted = { fetched: 0, kept: 0 };
    const read = readUncached(store);
    const reading: PieceReading = {
      readLinks: read,
      readContent: read,
      inTurn: async (task) => task(),
      atOnce: 3,
      foreign: false,
      onBytes: (bytes, how) => (counted[how] += bytes),
    };
    return { store, root: next.value, reading, counted };
  }

  /** No piece on the disk is anything but what was recorded: it is right, or was never written. */
  async function expectRightOrUnwritten(path: string): Promise<void> {
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    expect(bytes.length).to.be.at.most(content.length);
    for (let start = 0; start < bytes.length; start += MIB) {
      const piece = bytes.subarray(start, start + MIB);
      const isRight = piece.equals(content.subarray(start, start + piece.length));
      expect(isRight || piece.every((byte) => byte === 0), `at ${start}`).to.equal(true);
    }
  }

  it("never writes a wrong byte, whatever it is given, and gets to the end when it is run again", async function () {
    const { store, root, reading, counted } = await open();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...FAULTS), { minLength: 1, maxLength: 20 }), async (faults) => {
        const folder = temporary.path(String(run++));
        await mkdir(folder);
        const path = join(folder, resource.name);
        store.faults = [...faults];
        Object.assign(counted, { fetched: 0, kept: 0 });
        for (;;) {
          const code = await errorCode(async () => fetchFile(folder, resource, root, reading));
          await expectRightOrUnwritten(path);
          if (code === "no error") break;
          expect(code).to.be.oneOf(["STORE_BLOCK_MISSING", "STORE_BLOCK_CORRUPT"]);
        }
        expect((await readFile(path)).equals(content)).to.equal(true);
        // Nothing was fetched twice that was in place already.
        expect(counted.fetched).to.equal(content.length);
      }),
      { numRuns: 15 },
    );
  });

  it("fetches nothing of a file that is complete, and cuts off what is too much", async function () {
    const { root, reading, counted } = await open();
    const folder = await temporary.write("folder", { [resource.name]: Buffer.concat([content, Buffer.alloc(5)]) });
    await fetchFile(folder, resource, root, reading);
    expect(counted).to.deep.equal({ fetched: 0, kept: content.length });
    expect((await readFile(join(folder, resource.name))).equals(content)).to.equal(true);
  });
});
