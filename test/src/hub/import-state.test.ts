import { appendFile, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { expect } from "chai";
import type { Hex } from "../../../src/base/hex.ts";
import { ImportState, type ModelLine, type RecordedLine } from "../../../src/hub/import-state.ts";
import { Spool } from "../../../src/hub/spool.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { buildTestMetadata } from "../../helpers/metadata.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const digest = (n: number): Hex => `0x${String(n).padStart(64, "0")}`;
const PLACE = { registry: `eip155:1:0x${"11".repeat(20)}`, creator: `0x${"22".repeat(20)}` };
const ATTEMPT = { from: PLACE.creator, nonce: 3, call: digest(7), hash: digest(8), maxFeePerGas: "10" };

function modelLine(n: number, more: Partial<ModelLine> = {}): ModelLine {
  return {
    kind: "model",
    repository: `lab/model-${n}`,
    revision: "a".repeat(40),
    cells: ["x".repeat(n)],
    modelDigest: digest(n),
    weightsDigest: digest(0),
    downloaded: false,
    ...more,
  };
}

describe("ImportState", function () {
  const temporary = useTemporaryFolder();
  const path = () => temporary.path("state.jsonl");

  it("remembers what was written, from one run to the next", async function () {
    const staged = { ...PLACE, metadataDigest: digest(9) };
    const first = await ImportState.open(path());
    await first.add(modelLine(1));
    await first.add(modelLine(2, { staged }));
    await first.add(modelLine(3, { downloaded: true, cells: ["é模型", "x".repeat(3_000_000)] }));
    await first.add({ kind: "batch", ...PLACE, root: digest(5), contentDigest: digest(6), members: [] });
    await first.add({ kind: "sent", root: digest(5), sent: [ATTEMPT] });
    await first.close();

    const state = await ImportState.open(path());
    expect(await state.findModel(modelLine(1), undefined, false)).to.deep.equal(modelLine(1));
    expect(await state.findModel(modelLine(1), PLACE, false)).to.deep.equal(modelLine(1));
    expect(await state.findModel(modelLine(1), undefined, true)).to.equal(undefined);
    expect(await state.findModel(modelLine(2), PLACE, false)).to.deep.include({ staged });
    expect(await state.findModel(modelLine(2), { ...PLACE, creator: "0x" }, false)).to.equal(undefined);
    expect((await state.findModel(modelLine(3), undefined, true))?.cells[0]).to.equal("é模型");
    expect(await state.findModel(modelLine(4), undefined, false)).to.equal(undefined);
    expect(state.batches(PLACE).map(({ root }) => root)).to.deep.equal([digest(5)]);
    expect(state.batches({ ...PLACE, registry: "other" })).to.deep.equal([]);
    expect(state.sentLog(digest(5)).entry.sent).to.deep.equal([ATTEMPT]);
    expect(state.sentLog(digest(6)).entry.sent).to.deep.equal([]);
    await state.close();
  });

  it("leaves out a line that broke off anywhere, and goes on", async function () {
    const first = await ImportState.open(path());
    for (const n of [1, 2, 3]) await first.add(modelLine(n));
    await first.close();
    const whole = await readFile(path());
    const lastLine = whole.lastIndexOf("\n", whole.length - 2) + 1;
    for (const end of [lastLine, lastLine + 1, lastLine + 40, whole.length - 1]) {
      await writeFile(path(), whole.subarray(0, end));
      const state = await ImportState.open(path());
      expect(await state.findModel(modelLine(2), undefined, false)).to.deep.equal(modelLine(2));
      expect(await state.findModel(modelLine(3), undefined, false)).to.equal(undefined);
      await state.add(modelLine(4));
      await state.close();
      const again = await ImportState.open(path());
      expect(await again.findModel(modelLine(4), undefined, false)).to.deep.equal(modelLine(4));
      await again.close();
    }
  });

  it("passes over lines that are none of its own", async function () {
    await writeFile(path(), '\n{}\nnot json\n{"kind":"model"}\n[1]\n');
    await appendFile(path(), `${JSON.stringify(modelLine(1))}\n`);
    const state = await ImportState.open(path());
    expect(await state.findModel(modelLine(1), undefined, false)).to.deep.equal(modelLine(1));
    await state.close();
    expect(await errorCode(async () => ImportState.open(temporary.path()))).to.equal("OPTION_INVALID");
  });

  it("knows the latest of what is recorded of a repository", async function () {
    const line = (revision: string, n: number): RecordedLine => {
      return {
        kind: "recorded",
        ...PLACE,
        repository: "a/b",
        revision,
        modelDigest: digest(n),
        weightsDigest: digest(n),
      };
    };
    const state = await ImportState.open(path());
    await state.add(line("1", 1));
    await state.add(line("2", 2));
    expect(state.recorded()).to.deep.equal([line("2", 2)]);
    await state.add({ ...line("1", 1), reference: "v1" });
    expect(state.recorded()).to.deep.equal([line("2", 2), { ...line("1", 1), reference: "v1" }]);
    expect(state.isRecorded({ ...line("1", 1), reference: "v1" })).to.equal(true);
    expect([state.isRecorded(line("2", 2)), state.isRecorded(line("1", 1))]).to.deep.equal([true, false]);
    await state.close();
  });
});

describe("Spool", function () {
  const temporary = useTemporaryFolder();
  const path = () => temporary.path("spool");

  it("gives back what was put in, after it was opened again", async function () {
    const built = [
      await buildTestMetadata(),
      await buildTestMetadata({ statements: { license: "MIT", name: "other" } }),
    ];
    const spool = await Spool.open(path());
    for (const metadata of built) await spool.add(metadata);
    await spool.close();
    const again = await Spool.open(path());
    for (const { metadataDigest, block, attachments } of built) {
      const found = await again.get(metadataDigest);
      expect(Buffer.from(found.block.bytes).equals(block.bytes)).to.equal(true);
      expect(found.block.cid.equals(block.cid)).to.equal(true);
      expect(found.attachments.map(({ root }) => root.toString())).to.deep.equal(
        attachments.map(({ root }) => root.toString()),
      );
    }
    expect(again.has(digest(1))).to.equal(false);
    expect(await errorCode(async () => again.get(digest(1)))).to.equal("STORE_BLOCK_MISSING");
    await again.close();
  });

  it("keeps what many put in at the same time", async function () {
    const names = Array.from({ length: 40 }, (_, n) => `lab/${"x".repeat((n * 7919) % 200)}${n}`);
    const built = await Promise.all(names.map(async (name) => buildTestMetadata({ statements: { name } })));
    const spool = await Spool.open(path());
    await Promise.all(built.map(async (metadata) => spool.add(metadata)));
    for (const { metadataDigest, block } of built) {
      expect((await spool.get(metadataDigest)).block.cid.equals(block.cid)).to.equal(true);
    }
    await spool.close();
  });

  it("forgets what broke off at its end, and notices what was changed", async function () {
    const [first, second] = [await buildTestMetadata(), await buildTestMetadata({ statements: { name: "other" } })];
    const spool = await Spool.open(path());
    await spool.add(first);
    const { size } = await stat(path());
    await spool.add(second);
    await spool.close();
    const whole = await readFile(path());
    for (const end of [whole.length - 1, Math.floor((size + whole.length) / 2), size + 10, size]) {
      await writeFile(path(), whole);
      await truncate(path(), end);
      const cutOff = await Spool.open(path());
      expect([cutOff.has(first.metadataDigest), cutOff.has(second.metadataDigest)]).to.deep.equal([true, false]);
      await cutOff.add(second);
      expect((await cutOff.get(second.metadataDigest)).block.cid.equals(second.block.cid)).to.equal(true);
      await cutOff.close();
    }
    const changed = Buffer.from(whole);
    const place = changed.indexOf(Buffer.from(first.block.bytes)) + 5;
    changed[place] = (changed[place] as number) ^ 1;
    await writeFile(path(), changed);
    const damaged = await Spool.open(path());
    expect(await errorCode(async () => damaged.get(first.metadataDigest))).to.equal("STORE_BLOCK_CORRUPT");
    expect(await errorCode(async () => damaged.get(second.metadataDigest))).to.equal("no error");
    await damaged.close();
  });
});
