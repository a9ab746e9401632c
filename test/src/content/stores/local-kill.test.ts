import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { checkStore } from "../../../../src/content/stores/local/check-store.ts";
import { collectGarbage } from "../../../../src/content/stores/local/collect-garbage.ts";
import { LocalStore } from "../../../../src/content/stores/local/local-store.ts";
import { blocksOfFile } from "../../../helpers/file-blocks.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const LEAVES = 12;

/** Pins a file and says each block it hands over; it works on while it is killed. */
const PIN = `
  const [store, path, copy, source] = process.argv.slice(1);
  const { LocalStore } = await import(source + "/src/content/stores/local/local-store.ts");
  const { blocksOfFile } = await import(source + "/test/helpers/file-blocks.ts");
  const { root, blocks } = await blocksOfFile(path);
  function* speak() { for (const block of blocks) { process.stdout.write("block\\n"); yield block; } process.stdout.write("end\\n"); }
  await new LocalStore(store, { copy: copy === "copy" }).pin(root, speak());
  process.stdout.write("done\\n");`;

describe("LocalStore, killed", function () {
  const temporary = useTemporaryFolder();
  const storePath = () => temporary.path("store");

  /** Starts a pin and kills it by SIGKILL once it has said so many lines. */
  async function pinAndKill(path: string, how: "copy" | "refer", lines: number): Promise<void> {
    const args = [
      "--input-type=module",
      "--eval",
      PIN,
      storePath(),
      path,
      how,
      join(import.meta.dirname, "../../../.."),
    ];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let seen = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      expect(line).to.be.oneOf(["block", "end", "done"]);
      if (++seen === lines) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  for (const how of ["copy", "refer"] as const) {
    it(`leaves nothing that is not whole, and pins when it is run again: ${how}`, async function () {
      const content = Buffer.concat(Array.from({ length: LEAVES }, (_, i) => Buffer.alloc(MIB, i + 1)));
      const path = join(await temporary.write("model", { "weights.bin": content }), "weights.bin");
      const { root, blocks } = await blocksOfFile(path);
      for (const lines of [1, 2, 5, 9, LEAVES, LEAVES + 1, LEAVES + 2]) {
        await pinAndKill(path, how, lines);
        expect((await checkStore(new LocalStore(storePath()))).faults, `after ${lines} lines`).to.deep.equal([]);
      }
      const store = new LocalStore(storePath(), { copy: how === "copy" });
      await store.pin(root, blocks);
      await collectGarbage(store);
      const names = (await readdir(storePath(), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(({ name }) => name);
      expect(names.filter((name) => name.endsWith(".tmp") || name.startsWith("write-"))).to.deep.equal([]);
      for (const { cid, bytes } of blocks) expect(Buffer.from(bytes).equals(await store.get(cid))).to.equal(true);
      expect(await checkStore(store)).to.deep.include({ faults: [], spare: [], pins: 1 });
    });
  }
});
