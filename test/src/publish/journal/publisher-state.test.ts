import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect } from "chai";
import * as fc from "fast-check";
import type { Hex } from "../../../../src/base/hex.ts";
import { type StatePlace, memoryState } from "../../../../src/publish/journal/publisher-state.ts";
import { openStateFolder } from "../../../../src/publish/journal/state-folder.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const REGISTRY = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const DIGEST: Hex = `0x${"ab".repeat(32)}`;
const PLACE: StatePlace = { chainId: 11155111n, registry: REGISTRY, genesis: `0x${"01".repeat(32)}` };
const FILE = `eip155-11155111-${REGISTRY.toLowerCase()}/${DIGEST}.json`;
const ATTEMPT = { from: REGISTRY, nonce: 7, call: DIGEST, hash: DIGEST, raw: "0x02f9", maxFeePerGas: "1000" };

describe("publisher state", function () {
  const temporary = useTemporaryFolder();
  const open = async (place: StatePlace = PLACE) => openStateFolder(temporary.path("state")).openModel(place, DIGEST);

  it("says after every step what was written down", async function () {
    const signed = { metadataDigest: DIGEST, metadata: '{"a":"é\\u0000"}' };
    await (await open()).update({ signed });
    await (await open()).update({ pinned: { bafy: ["local", "kubo"] } });
    await (await open()).update({ sent: [ATTEMPT] });
    const { entry } = await open();
    expect(entry).to.deep.include({
      signed,
      pinned: { bafy: ["local", "kubo"] },
      sent: [ATTEMPT],
      chainId: "11155111",
    });
    const { mode } = await import("node:fs/promises").then(async ({ stat }) => stat(temporary.path("state", FILE)));
    expect(mode & 0o777).to.equal(0o600);
  });

  it("writes over what a killed process left beside it", async function () {
    await (await open()).update({ sent: [ATTEMPT] });
    const path = temporary.path("state", FILE);
    await writeFile(`${path}.tmp`, '{"half');
    expect((await open()).entry.sent).to.have.length(1);
    await (await open()).update({ sent: [] });
    expect(await readdir(dirname(path))).to.deep.equal([`${DIGEST}.json`]);
  });

  it("never believes a journal that was changed into something else", async function () {
    await (await open()).update({ sent: [ATTEMPT] });
    const path = temporary.path("state", FILE);
    const text = await readFile(path, "utf8");
    const changes: [string, string][] = [
      ["nothing", ""],
      ["half of it", text.slice(0, text.length / 2)],
      ["no JSON", "\0".repeat(text.length)],
      ["another version", text.replace('"1.0"', '"2.0"')],
      ["another model", text.replace(`"modelDigest": "${DIGEST}"`, `"modelDigest": "0x${"cd".repeat(32)}"`)],
      ["another registry", text.replace(REGISTRY, `0x${"1".repeat(40)}`)],
      ["another chain", text.replace('"11155111"', '"1"')],
      ["a nonce below zero", text.replace('"nonce": 7', '"nonce": -7')],
      ["a key that is not known", text.replace('"nonce": 7', '"nonce": 7, "extra": 1')],
      ["a raw transaction cut short", text.replace('"0x02f9"', '"0x02f"')],
    ];
    for (const [what, changed] of changes) {
      expect(changed, what).to.not.equal(text);
      await writeFile(path, changed);
      expect(await errorCode(async () => open()), what).to.equal("STATE_DAMAGED");
    }
    expect(await readFile(path, "utf8")).to.equal(changes.at(-1)?.[1]); // It is left for a person to look at.
  });

  it("reads back or refuses whatever bytes lie there, and never throws anything else", async function () {
    const path = temporary.path("state", FILE);
    await mkdir(dirname(path), { recursive: true });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: "binary" })), async (text) => {
        await writeFile(path, text);
        expect(await errorCode(async () => open())).to.equal("STATE_DAMAGED");
      }),
      { numRuns: 100 },
    );
  });

  it("tells another chain with the same id, and forgets a development chain that was started again", async function () {
    const other: Hex = `0x${"02".repeat(32)}`;
    await (await open()).update({ sent: [ATTEMPT] });
    expect(await errorCode(async () => open({ ...PLACE, genesis: other }))).to.equal("CHAIN_MISMATCH");
    const local = { ...PLACE, chainId: 31337n };
    await (await open(local)).update({ sent: [ATTEMPT] });
    expect((await open(local)).entry.sent).to.have.length(1);
    expect((await open({ ...local, genesis: other })).entry.sent).to.have.length(0);
  });

  it("says that it cannot write, and knows no more than what is on the disk", async function () {
    const journal = await open();
    await journal.update({ sent: [ATTEMPT] });
    const folder = temporary.path("state", dirname(FILE));
    await rm(folder, { recursive: true });
    await writeFile(folder, "in the way");
    expect(await errorCode(async () => journal.update({ sent: [] }))).to.equal("STATE_FAILED");
    expect(journal.entry.sent).to.have.length(1);
    expect(await errorCode(async () => open())).to.equal("STATE_FAILED");
    await writeFile(temporary.path("file"), "");
    const blocked = openStateFolder(temporary.path("file"));
    expect(await errorCode(async () => blocked.lockModel(PLACE, DIGEST))).to.equal("STATE_FAILED");
  });

  it("keeps publishers of one model apart, and lets those of others go on", async function () {
    const state = openStateFolder(temporary.path("state"));
    const release = await state.lockModel(PLACE, DIGEST);
    await (
      await state.lockModel(PLACE, `0x${"cd".repeat(32)}`)
    )();
    const told: string[] = [];
    const second = state.lockModel(PLACE, DIGEST, (text) => {
      told.push(text);
      void release();
    });
    await (
      await second
    )();
    expect(told.join()).to.include(String(process.pid));
  });

  it("works without a folder", async function () {
    const state = memoryState();
    const journal = await state.openModel(PLACE, DIGEST);
    await journal.update({ sent: [ATTEMPT] });
    expect(journal.entry.sent).to.have.length(1);
    await (
      await state.lockModel(PLACE, DIGEST)
    )();
    expect(await state.withAccount(1n, REGISTRY, async () => 7)).to.equal(7);
  });
});
