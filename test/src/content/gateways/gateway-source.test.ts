import { expect } from "chai";
import { GATEWAY_SETTINGS } from "../../../../src/content/gateways/gateway.ts";
import { GatewaySource } from "../../../../src/content/gateways/gateway-source.ts";
import { type Block, MAX_BLOCK_BYTES, computeCid, rawBlock } from "../../../../src/content/cid.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { messageOf, openSource } from "../../../helpers/gateway-source.ts";
import { type Behaviour, closeGateways, startGateway } from "../../../helpers/servers/gateway.ts";

const MIB = 1024 * 1024;
const block = rawBlock(Buffer.from("the metadata"));

describe("GatewaySource", function () {
  afterEach(closeGateways);

  it("asks for the block, unencoded, and answers with its bytes", async function () {
    const gateway = await startGateway([block]);
    const { source } = openSource([gateway.url]);
    expect(Buffer.from(await source.get(block.cid)).toString()).to.equal("the metadata");
    const [request] = gateway.requests;
    expect(request?.url).to.equal(`/ipfs/${block.cid.toString()}?format=raw`);
    expect(request?.headers).to.include({ accept: "application/vnd.ipld.raw", "accept-encoding": "identity" });
  });

  it("keeps to a path and a query of the gateway, and never shows what may be secret", async function () {
    const gateway = await startGateway([block]);
    const address = `${gateway.url.replace("//", "//user:pass%40word@")}/some/ipfs/?token=s3cret`;
    const { source } = openSource([address]);
    await source.get(block.cid);
    expect(gateway.requests[0]?.url).to.equal(`/some/ipfs/${block.cid.toString()}?token=s3cret&format=raw`);
    expect(gateway.requests[0]?.headers.authorization).to.equal(
      `Basic ${Buffer.from("user:pass@word").toString("base64")}`,
    );
    gateway.behave({ status: 403 });
    const message = await messageOf(source.get(block.cid));
    expect(message).to.include(`${gateway.url}/some`);
    for (const secret of ["s3cret", "user", "pass"]) expect(message).not.to.include(secret);
  });

  it("takes blocks of 1 MiB, and larger ones only where they are allowed", async function () {
    const [largest, larger, tooLarge] = [MIB, 2 * MIB, 2 * MIB + 1].map((size) => rawBlock(Buffer.alloc(size, 1))) as [
      Block,
      Block,
      Block,
    ];
    const gateway = await startGateway([largest, larger, tooLarge]);
    const read = async (cid: Block["cid"], maxBytes?: number) =>
      errorCode(async () => openSource([gateway.url]).source.get(cid, maxBytes === undefined ? {} : { maxBytes }));
    expect(await read(largest.cid)).to.equal("no error");
    expect(await read(larger.cid)).to.equal("STORE_BLOCK_CORRUPT");
    expect(await read(larger.cid, 2 * MAX_BLOCK_BYTES)).to.equal("no error");
    expect(await read(tooLarge.cid, 2 * MAX_BLOCK_BYTES)).to.equal("STORE_BLOCK_CORRUPT");
  });

  it("tries a gateway again that breaks off or asks for patience, and waits as long as it asks", async function () {
    const gateway = await startGateway([block]);
    const answers: Behaviour[] = [{ status: 429, headers: { "retry-after": "7" } }, "cut off", "serve"];
    gateway.behave(() => answers.shift() as Behaviour);
    const { source, waits } = openSource([gateway.url]);
    await source.get(block.cid);
    expect(waits).to.deep.equal([7000, 2000]);
  });

  it("does not wait an hour, and asks three times at most", async function () {
    const gateway = await startGateway([block], { status: 429, headers: { "retry-after": "3600" } });
    const patient = openSource([gateway.url]);
    expect(await errorCode(async () => patient.source.get(block.cid))).to.equal("STORE_FAILED");
    expect(patient.waits).to.deep.equal([]);
    gateway.behave({ status: 500 });
    gateway.requests.length = 0;
    expect(await errorCode(async () => openSource([gateway.url]).source.get(block.cid))).to.equal("STORE_FAILED");
    expect(gateway.requests).to.have.length(3);
  });

  it("asks a gateway last that failed three times in a row, or was overtaken", async function () {
    for (const behaviour of [{ status: 500 }, "hang"] as const) {
      const bad = await startGateway([block], behaviour);
      const good = await startGateway([block]);
      const hedge = { idle: behaviour === "hang" ? 10 : 60_000, slow: 60_000 };
      const { source, warnings } = openSource([bad.url, good.url], { hedge });
      for (let i = 0; i < 6; i++) {
        await source.get(block.cid);
        if (i === 2) hedge.idle = 60_000;
      }
      expect(bad.requests).to.have.length(3);
      expect(good.requests).to.have.length(6);
      expect(warnings).to.have.length(1);
      good.behave({ status: 404 });
      bad.behave("serve");
      await source.get(block.cid);
      expect(bad.requests).to.have.length(4);
    }
  });

  it("asks a liar last from the first lie on, whatever it does then", async function () {
    const liar = await startGateway([block], "wrong bytes");
    const good = await startGateway([block]);
    const { source, warnings } = openSource([liar.url, good.url]);
    await source.get(block.cid);
    liar.behave("serve");
    for (let i = 0; i < 3; i++) await source.get(block.cid);
    expect(liar.requests).to.have.length(1);
    good.behave({ status: 404 });
    await source.get(block.cid);
    await source.get(block.cid);
    expect(liar.requests).to.have.length(3);
    expect(good.requests).to.have.length(6);
    expect(warnings).to.have.length(1);
  });

  it("overtakes a gateway that trickles", async function () {
    const large = rawBlock(Buffer.alloc(100_000, 1));
    const slow = await startGateway([large], "trickle");
    const good = await startGateway([large]);
    const { source } = openSource([slow.url, good.url], { hedge: { idle: 60_000, slow: 20 } });
    expect(await source.get(large.cid)).to.have.length(100_000);
  });

  it("gives a trickling gateway up when its time is over", async function () {
    const large = rawBlock(Buffer.alloc(100_000, 1));
    const slow = await startGateway([large], "trickle");
    const limits = { connect: 20_000, firstByte: 20_000, idle: 20_000, total: 60 };
    const { source } = openSource([slow.url], { settings: { ...GATEWAY_SETTINGS, limits } });
    expect(await messageOf(source.get(large.cid))).to.include("took more than 0.0");
  });

  it("asks those that serve only files for the file that a raw block is", async function () {
    const gateway = await startGateway([block], "no blocks");
    const { source } = openSource([gateway.url]);
    await source.get(block.cid);
    await source.get(block.cid);
    expect(gateway.requests.map(({ url }) => url.includes("format"))).to.deep.equal([true, false, false]);
    expect(await errorCode(async () => source.get(computeCid(0x70, Buffer.from("x"))))).to.equal("STORE_FAILED");
  });

  it("follows a redirect to where the user's own gateway is", async function () {
    const gateway = await startGateway([block]);
    const own = `http://localhost:${gateway.port}`;
    const { source } = openSource([own]);
    gateway.behave(({ url, headers }) =>
      headers.host?.startsWith("localhost")
        ? { redirect: `http://${block.cid.toString()}.ipfs.localhost:${gateway.port}${url}` }
        : "serve",
    );
    expect(Buffer.from(await source.get(block.cid)).toString()).to.equal("the metadata");
    expect(gateway.requests.map(({ headers }) => headers.host?.split(".").at(-1))).to.deep.equal([
      `localhost:${gateway.port}`,
      `localhost:${gateway.port}`,
    ]);
  });

  it("never leaves for a private address that the user did not name", async function () {
    const inside = await startGateway([block]);
    const own = await startGateway([block], {
      redirect: `http://localhost:${inside.port}/ipfs/${block.cid.toString()}`,
    });
    const { source } = openSource([own.url]);
    const message = await messageOf(source.get(block.cid));
    expect(message).to.include("no public address");
    expect(inside.requests).to.deep.equal([]);
  });

  it("ends when the caller gives up, with the caller's reason", async function () {
    const gateway = await startGateway([block], "hang");
    const { source } = openSource([gateway.url]);
    const reason = new Error("enough");
    const controller = new AbortController();
    gateway.behave(() => {
      controller.abort(reason);
      return "hang";
    });
    const failure = await source.get(block.cid, { signal: controller.signal }).catch((error: unknown) => error);
    expect(failure).to.equal(reason);
    expect(await source.get(block.cid, { signal: controller.signal }).catch((error: unknown) => error)).to.equal(
      reason,
    );
    expect(gateway.requests).to.have.length(1);
  });

  it("refuses what is no address of a gateway, without showing it", async function () {
    for (const address of ["ftp://secret.example", "https://", "https://%zz@secret.example", "mailto://secret"]) {
      expect(await errorCode(() => new GatewaySource([address])), address).to.equal("OPTION_INVALID");
    }
    expect(new GatewaySource(["example.mypinata.cloud", "http://10.0.0.1:8080/ipfs"]).names).to.deep.equal([
      "https://example.mypinata.cloud",
      "http://10.0.0.1:8080",
    ]);
  });
});
