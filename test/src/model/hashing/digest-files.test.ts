import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { chmod, symlink } from "node:fs/promises";
import { expect } from "chai";
import { digestFiles } from "../../../../src/model/hashing/digest-files.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";
import { errorCodeUnprivileged } from "../../../helpers/unprivileged.ts";

const BUFFER_SIZE = 4 * 1024 * 1024;

const LEAF = 1024 * 1024;

/** One file, as large as it says: the planner believes the size it is told. */
async function hashFile(path: string, onBytes: (bytes: number) => void = () => undefined, size = 0, leaves = false) {
  const threads = size === 0 ? 1 : 2;
  const [digest] = await digestFiles([{ path, size }], { onBytes, leaves, threads });
  return digest;
}

describe("digestFiles", function () {
  const temporary = useTemporaryFolder();

  async function write(content: string | Uint8Array): Promise<string> {
    return `${await temporary.write("model", { file: content })}/file`;
  }

  for (const size of [0, 1, 64, BUFFER_SIZE - 1, BUFFER_SIZE, BUFFER_SIZE + 1, 2 * BUFFER_SIZE, 2 * BUFFER_SIZE + 5]) {
    it(`hashes a file of ${size} bytes and counts them`, async function () {
      const content = createContent(size);
      let counted = 0;
      const result = await hashFile(await write(content), (bytes) => (counted += bytes));
      expect(result).to.deep.equal({ size, sha256: createHash("sha256").update(content).digest("hex") });
      expect(counted).to.equal(size);
    });
  }

  it("refuses a missing file", async function () {
    expect(await errorCode(() => hashFile(temporary.path("nothing")))).to.equal("MODEL_UNREADABLE");
  });

  it("refuses a file that may not be read", async function () {
    const path = await write("secret");
    await chmod(temporary.path(), 0o755);
    expect(await errorCodeUnprivileged("model/hashing/digest-lone-file.ts", "digestLoneFile", { path })).to.equal(
      "no error",
    );
    await chmod(path, 0o000);
    expect(await errorCodeUnprivileged("model/hashing/digest-lone-file.ts", "digestLoneFile", { path })).to.equal(
      "MODEL_UNREADABLE",
    );
  });

  it("refuses a link, a folder and a FIFO put in the file's place", async function () {
    const path = await write("content");
    await symlink("file", `${path}-link`);
    execFileSync("mkfifo", [`${path}-fifo`]);
    expect(await errorCode(() => hashFile(`${path}-link`))).to.equal("MODEL_UNREADABLE");
    expect(await errorCode(() => hashFile(`${path}-fifo`))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    expect(await errorCode(() => hashFile(temporary.path("model")))).to.equal("MODEL_UNSUPPORTED_ENTRY");
  });

  describe("of a file that changes meanwhile", function () {
    const changes: Record<string, (path: string) => void> = {
      grows: (path) => appendFileSync(path, "more"),
      "is cut short": (path) => truncateSync(path, 10),
      "is written again in the same length": (path) => {
        writeFileSync(path, createContent(BUFFER_SIZE + 100).fill(7));
        utimesSync(path, 1_000_000_000, 1_000_000_000);
      },
    };
    for (const [how, change] of Object.entries(changes)) {
      it(`refuses one that ${how}`, async function () {
        const path = await write(createContent(BUFFER_SIZE + 100));
        let changed = false;
        const onBytes = () => {
          if (!changed) change(path);
          changed = true;
        };
        expect(await errorCode(() => hashFile(path, onBytes))).to.equal("MODEL_CHANGED");
      });
    }
  });

  // A file that claims to be huge gets all cores: the ring where leaves are asked for.
  for (const size of [0, 1, LEAF, 17 * LEAF, 40 * LEAF + 3]) {
    for (const leaves of [false, true]) {
      it(`hashes a lone file of ${size} bytes ${leaves ? "with" : "without"} its leaves`, async function () {
        const content = createContent(size);
        let counted = 0;
        const path = await write(content);
        const result = await hashFile(path, (bytes) => (counted += bytes), 64 * LEAF, leaves);
        expect(result).to.include({ size, sha256: sha256(content).toString("hex") });
        expect(counted).to.equal(size);
        if (leaves && size > 0) expect(Buffer.from(result?.leafDigests ?? [])).to.deep.equal(leafDigests(content));
      });
    }
  }

  it("refuses a lone file that grows while the ring reads it", async function () {
    const path = await write(createContent(20 * LEAF));
    let grown = false;
    const onBytes = () => {
      if (!grown) appendFileSync(path, "more");
      grown = true;
    };
    expect(await errorCode(() => hashFile(path, onBytes, 64 * LEAF, true))).to.equal("MODEL_CHANGED");
  });

  it("hashes very many small files and some large ones in threads, in the order given", async function () {
    const contents: Record<string, Buffer> = {};
    for (let i = 0; i < 1600; i++) contents[`small-${i}`] = Buffer.from(`content ${i}`.repeat(i % 7));
    for (let i = 0; i < 5; i++) contents[`large-${i}`] = createContent(9 * LEAF + i);
    const folder = await temporary.write("many", contents);
    const files = Object.entries(contents).map(([name, { length }]) => ({ path: `${folder}/${name}`, size: length }));
    let counted = 0;
    const digests = await digestFiles(files, { threads: 3, leaves: true, onBytes: (bytes) => (counted += bytes) });
    const expected = Object.values(contents);
    digests.forEach((digest, i) => {
      expect(digest.sha256).to.equal(sha256(expected[i] as Buffer).toString("hex"));
      expect(Buffer.from(digest.leafDigests ?? [])).to.deep.equal(leafDigests(expected[i] as Buffer));
    });
    expect(counted).to.equal(expected.reduce((sum, { length }) => sum + length, 0));
  });

  it("names the file that fails in a thread", async function () {
    const folder = await temporary.write("some", { there: "x" });
    const files = ["there", "gone"].map((name) => ({ path: `${folder}/${name}`, size: 20 * LEAF }));
    expect(await errorCode(() => digestFiles(files, { threads: 2 }))).to.equal("MODEL_UNREADABLE");
  });
});

function sha256(content: Uint8Array): Buffer {
  return createHash("sha256").update(content).digest();
}

function leafDigests(content: Buffer): Buffer {
  const leaves = Array.from({ length: Math.max(1, Math.ceil(content.length / LEAF)) }, (_, i) =>
    sha256(content.subarray(i * LEAF, (i + 1) * LEAF)),
  );
  return Buffer.concat(leaves);
}

function createContent(size: number): Buffer {
  const content = Buffer.alloc(size);
  for (let i = 0; i < size; i += 4093) content[i] = i % 251;
  return content;
}
