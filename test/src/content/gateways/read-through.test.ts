import { expect } from "chai";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { readThrough } from "../../../../src/content/gateways/read-through.ts";
import { type Block, rawBlock } from "../../../../src/content/cid.ts";
import { LocalStore } from "../../../../src/content/stores/local/local-store.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

describe("readThrough", function () {
  const temporary = useTemporaryFolder();
  const [here, there] = ["here", "there"].map((text) => rawBlock(Buffer.from(text))) as [Block, Block];

  it("asks elsewhere only for what is not at hand, and keeps nothing unless asked to", async function () {
    const store = new LocalStore(temporary.path("store"));
    await store.pin(here.cid, [here]);
    const elsewhere = new MemoryStore([there]);
    const source = readThrough(store, elsewhere);
    expect(Buffer.from(await source.get(here.cid)).toString()).to.equal("here");
    expect(elsewhere.reads).to.equal(0);
    expect(Buffer.from(await source.get(there.cid)).toString()).to.equal("there");
    expect(await store.has(there.cid)).to.equal(false);
  });

  it("keeps what was fetched, up to a limit", async function () {
    const store = new LocalStore(temporary.path("store"));
    const elsewhere = new MemoryStore([here, there]);
    const source = readThrough(store, elsewhere, { keep: { store, maxBytes: 7 } });
    await source.get(there.cid);
    await source.get(here.cid);
    expect([await store.has(there.cid), await store.has(here.cid)]).to.deep.equal([true, false]);
    await source.get(there.cid);
    expect(elsewhere.reads).to.equal(2);
  });

  it("goes on without keeping where the store fails, and says so once", async function () {
    const warnings: string[] = [];
    const failing = {
      pin: async () => {
        throw new ProvenanceError("STORE_FAILED", "The disk is full.");
      },
    };
    const source = readThrough(new MemoryStore(), new MemoryStore([here, there]), {
      keep: { store: failing, maxBytes: 100 },
      warn: (text) => warnings.push(text),
    });
    await source.get(here.cid);
    await source.get(there.cid);
    expect(warnings).to.deep.equal(["What is fetched is not kept. The disk is full."]);
  });

  it("asks elsewhere for what is damaged at hand, and warns", async function () {
    const warnings: string[] = [];
    const damaged = {
      get: async () => {
        throw new ProvenanceError("STORE_BLOCK_CORRUPT", "It is damaged.");
      },
    };
    const source = readThrough(damaged, new MemoryStore([here]), { warn: (text) => warnings.push(text) });
    await source.get(here.cid);
    expect(warnings).to.deep.equal(["It is damaged."]);
  });

  it("fails as the source elsewhere does, and hides no other error", async function () {
    const source = readThrough(new MemoryStore(), new MemoryStore());
    expect(await errorCode(async () => source.get(here.cid))).to.equal("STORE_BLOCK_MISSING");
    const broken = {
      get: async () => {
        throw new TypeError("a bug");
      },
    };
    const failure = await readThrough(broken, new MemoryStore([here]))
      .get(here.cid)
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TypeError);
  });
});
