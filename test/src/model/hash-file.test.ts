import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { chmod, symlink } from "node:fs/promises";
import { expect } from "chai";
import { hashFile } from "../../../src/model/hash-file.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { errorCodeUnprivileged } from "../../helpers/unprivileged.ts";

const BUFFER_SIZE = 4 * 1024 * 1024;

describe("hashFile", function () {
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
    expect(await errorCodeUnprivileged("model/hash-file.ts", "hashFile", path)).to.equal("no error");
    await chmod(path, 0o000);
    expect(await errorCodeUnprivileged("model/hash-file.ts", "hashFile", path)).to.equal("MODEL_UNREADABLE");
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
});

function createContent(size: number): Buffer {
  const content = Buffer.alloc(size);
  for (let i = 0; i < size; i += 4093) content[i] = i % 251;
  return content;
}
