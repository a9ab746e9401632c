import { execFile } from "node:child_process";
import { inspect, promisify } from "node:util";
import { expect } from "chai";
import { S3Store, type S3StoreOptions } from "../../../../src/content/stores/s3/s3-store.ts";
import { type TestDag, manyBlocks, singleBlock } from "../../../helpers/dags.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import type { Fault } from "../../../helpers/servers/fake-server.ts";
import { type FakeS3, S3_BUCKET, S3_CREDENTIALS, refuse, startS3 } from "../../../helpers/servers/s3.ts";

describe("S3Store", function () {
  let s3: FakeS3;
  let waits: number[];
  let dag: TestDag;
  const { root, blocks } = singleBlock();
  const key = `ipfs/${root.toString()}`;

  before(async function () {
    dag = await manyBlocks(12);
  });

  beforeEach(async function () {
    s3 = await startS3();
    waits = [];
  });

  afterEach(async function () {
    await s3.close();
  });

  const open = (options: Partial<S3StoreOptions> = {}) =>
    new S3Store({
      bucket: S3_BUCKET,
      endpoint: s3.url,
      credentials: S3_CREDENTIALS,
      wait: async (milliseconds) => waits.push(milliseconds),
      ...options,
    });
  const puts = () => s3.seen.filter(({ method }) => method === "PUT");
  const messageOf = async (action: () => Promise<unknown>) =>
    action().then(
      () => "no error",
      (error: Error) => error.message,
    );

  it("is called s3, and IPFS does not look into it", function () {
    expect(open()).to.include({ name: "s3", public: false });
  });

  it("puts every block under its CID and reads it back", async function () {
    const store = open();
    await store.pin(dag.root, dag.blocks);
    expect([...s3.objects.keys()]).to.have.members(dag.blocks.map(({ cid }) => `ipfs/${cid.toString()}`));
    expect(puts()[0]?.headers["content-type"]).to.equal("application/vnd.ipld.raw");
    for (const { cid, bytes } of dag.blocks) {
      expect(await store.has(cid)).to.equal(true);
      expect(Buffer.from(await store.get(cid)).equals(bytes)).to.equal(true);
    }
  });

  it("takes another prefix, a region, and an empty block", async function () {
    const empty = singleBlock("");
    const store = open({ prefix: "models/v1/", region: "eu-1" });
    await store.pin(empty.root, empty.blocks);
    expect([...s3.objects.keys()]).to.deep.equal([`models/v1/${empty.root.toString()}`]);
    expect((await store.get(empty.root)).length).to.equal(0);
  });

  it("repeats only what is missing or of another length", async function () {
    const store = open();
    await store.pin(dag.root, dag.blocks);
    await store.pin(dag.root, dag.blocks);
    expect(puts()).to.have.length(dag.blocks.length);
    const [first = "", second = ""] = s3.objects.keys();
    s3.objects.delete(first);
    s3.objects.set(second, Buffer.from("cut"));
    await store.pin(dag.root, dag.blocks);
    expect(puts()).to.have.length(dag.blocks.length + 2);
    for (const { cid } of dag.blocks) await store.get(cid);
  });

  it("checks what it reads", async function () {
    const store = open();
    expect(await store.has(root)).to.equal(false);
    expect(await errorCode(async () => store.get(root))).to.equal("STORE_BLOCK_MISSING");
    for (const wrong of ["", "other", Buffer.alloc(5 * 1024 * 1024)]) {
      s3.objects.set(key, Buffer.from(wrong));
      expect(await errorCode(async () => store.get(root))).to.equal("STORE_BLOCK_CORRUPT");
    }
  });

  it("stops after the first failure, and goes on later", async function () {
    s3.fail("PUT", refuse(507, "StorageFull"));
    expect(await errorCode(async () => open().pin(dag.root, dag.blocks))).to.equal("STORE_REFUSED");
    expect(puts().length).to.be.below(dag.blocks.length);
    const before = s3.objects.size;
    await open().pin(dag.root, dag.blocks);
    expect(s3.objects.size).to.equal(dag.blocks.length);
    expect(puts().length).to.be.at.most(dag.blocks.length + 8);
    expect(before).to.be.below(dag.blocks.length);
  });

  it("writes where it may not look", async function () {
    s3.hideMissing = true;
    await open().pin(root, blocks);
    expect(s3.objects.has(key)).to.equal(true);
  });

  const refusals: [string, Partial<S3StoreOptions>, Fault | undefined, string, RegExp][] = [
    [
      "a wrong secret",
      { credentials: { ...S3_CREDENTIALS, secretAccessKey: "x" } },
      undefined,
      "STORE_REFUSED",
      /403 \(SignatureDoesNotMatch\).*S3_SECRET_ACCESS_KEY/,
    ],
    ["no such bucket", { bucket: "other" }, undefined, "STORE_REFUSED", /404.*S3_BUCKET/],
    ["no rights", {}, refuse(403, "AccessDenied"), "STORE_REFUSED", /403 \(AccessDenied\)/],
    ["another region", {}, refuse(301, "PermanentRedirect"), "STORE_REFUSED", /S3_REGION/],
    ["a body that is damaged on the way", {}, refuse(400, "XAmzContentSHA256Mismatch"), "STORE_REFUSED", /400/],
  ];
  for (const [what, options, fault, code, text] of refusals) {
    it(`fails at once and clearly: ${what}`, async function () {
      if (fault !== undefined) s3.fail("PUT", fault, fault);
      expect(await errorCode(async () => open(options).pin(root, blocks))).to.equal(code);
      expect(await messageOf(async () => open(options).pin(root, blocks))).to.match(text);
      expect(waits).to.deep.equal([]);
    });
  }

  const passing: Fault[] = [
    refuse(503, "SlowDown"),
    refuse(500, "InternalError"),
    { status: 429 },
    "drop",
    "lose",
    "truncate",
  ];
  for (const fault of passing) {
    it(`goes on after what passes: ${typeof fault === "object" ? fault.status : fault}`, async function () {
      const store = open();
      s3.fail("PUT", fault);
      s3.fail("HEAD", fault === "truncate" ? "drop" : fault);
      await store.pin(root, blocks);
      s3.fail("GET", fault);
      expect((await store.get(root)).length).to.equal(blocks[0]?.bytes.length);
      expect(waits.length).to.be.at.least(2);
    });
  }

  it("ends what is not answered, and what it is told to stop", async function () {
    s3.fail("PUT", "hang");
    const stop = new AbortController();
    const pinning = open().pin(root, blocks, { signal: stop.signal });
    pinning.catch(() => undefined);
    while (puts().length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await errorCode(async () => pinning)).to.equal("INTERRUPTED");
  });

  it("says what to install where AWS's package is not", async function () {
    const code = `
      import { registerHooks } from "node:module";
      registerHooks({
        resolve: (name, context, next) => {
          if (name === "@aws-sdk/client-s3") throw Object.assign(new Error("none"), { code: "ERR_MODULE_NOT_FOUND" });
          return next(name, context);
        },
      });
      const { S3Store } = await import(process.argv[1]);
      const error = await new S3Store({ bucket: "b" }).has({}).catch((caught) => caught);
      process.stdout.write(error.code + " " + error.message);`;
    const module = new URL("../../../../src/content/stores/s3/s3-store.ts", import.meta.url).href;
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", code, module], {
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    expect(stdout).to.match(/^OPTIONAL_PACKAGE_MISSING .*npm install @aws-sdk\/client-s3$/);
  });

  it("shows the secret nowhere, and sends nothing in the clear", async function () {
    s3.fail("PUT", refuse(400, S3_CREDENTIALS.secretAccessKey));
    const store = open();
    const error = await store.pin(root, blocks).catch((caught: Error) => caught);
    for (const shown of [
      inspect(error, { depth: 9, showHidden: true }),
      inspect(store, { depth: 9, showHidden: true }),
      JSON.stringify(store),
    ]) {
      expect(shown).not.to.include(S3_CREDENTIALS.secretAccessKey);
    }
    expect(await errorCode(() => open({ endpoint: "http://s3.example" }))).to.equal("OPTION_INVALID");
  });
});
