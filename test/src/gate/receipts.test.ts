import { writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Wallet, sha256, toUtf8Bytes } from "ethers";
import { expect } from "chai";
import { openMarket } from "../../../src/registry/market/market.ts";
import { formatReceipt, parseReceipt } from "../../../src/registry/receipts/inference-receipt.ts";
import { verifyReceipt } from "../../../src/verify/verify-receipt.ts";
import { ethers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { closeGates, startGate } from "../../helpers/gate.ts";
import { startServer } from "../../helpers/local-server.ts";
import { Kind, makeOffer } from "../../helpers/offers.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const PROMPT = '{"prompt":"a red bird"}';
const ANSWER = '{"text":"a bird that is red"}';
const PATH = "/v1/upstream/completions";

describe("receipts of a gate", function () {
  const temporary = useTemporaryFolder();
  const servers: { close: () => Promise<void> }[] = [];
  const node = Wallet.createRandom();
  afterEach(async function () {
    await closeGates();
    await Promise.all(servers.splice(0).map(async (server) => server.close()));
  });

  async function startBoth(answer = (_: IncomingMessage, response: ServerResponse) => void response.end(ANSWER)) {
    const server = await startServer((request, response) => {
      request.resume();
      request.once("end", () => answer(request, response));
    });
    servers.push(server);
    const upstream = { url: new URL(server.url) };
    const gate = await startGate(temporary, undefined, { upstream, receiptSigner: node });
    const session = await gate.client.signIn(gate.minter);
    const ask = async (headers: Record<string, string> = {}) =>
      gate.client.open(PATH, { method: "POST", session, body: PROMPT, headers });
    const fetch = async (id: string, as = session) => gate.client.send(`/v1/receipts/${id}`, { session: as });
    return { ...gate, session, ask, fetch };
  }

  it("are found by their id, and say which answer was given to which request", async function () {
    const { ask, fetch, registry, tokenId, minter, stranger, client } = await startBoth();
    const response = await ask();
    expect(await readAll(response)).to.equal(ANSWER);
    const id = response.headers["model-provenance-receipt-id"] as string;
    const { status, body } = await fetch(id);
    expect(status).to.equal(200);
    const signed = parseReceipt(body);
    expect(Buffer.from(formatReceipt(signed))).to.deep.equal(body);
    expect(signed).to.deep.include({ chainId: registry.chainId, signer: node.address });
    expect(signed.receipt).to.deep.include({
      registry: registry.address,
      tokenId,
      requestDigest: sha256(toUtf8Bytes(PROMPT)),
      responseDigest: sha256(toUtf8Bytes(ANSWER)),
    });
    await registry.contract.connect(minter).grantUse(tokenId, stranger, 4_000_000_000n);
    expect((await fetch(id, await client.signIn(stranger))).status).to.equal(404);
    expect((await fetch("nothing")).status).to.equal(404);
    expect((await client.send(`/v1/receipts/${id}`)).status).to.equal(401);
  });

  it("come in a trailer where the client takes trailers", async function () {
    const { ask, fetch } = await startBoth((_, response) => {
      response.write(ANSWER.slice(0, 5));
      response.end(ANSWER.slice(5));
    });
    const response = await ask({ te: "trailers" });
    expect(await readAll(response)).to.equal(ANSWER);
    const trailer = Buffer.from(response.trailers["model-provenance-receipt"] ?? "", "base64url");
    expect(parseReceipt(trailer).receipt.responseDigest).to.equal(sha256(toUtf8Bytes(ANSWER)));
    const { body } = await fetch(response.headers["model-provenance-receipt-id"] as string);
    expect(body).to.deep.equal(trailer);
  });

  it("are not given for an answer that breaks off", async function () {
    const { ask, fetch } = await startBoth((_, response) => {
      response.write("half");
      setImmediate(() => response.destroy());
    });
    const response = await ask();
    await readAll(response).catch(() => undefined);
    expect((await fetch(response.headers["model-provenance-receipt-id"] as string)).status).to.equal(404);
  });

  describe("verifyReceipt", function () {
    async function receive() {
      const gate = await startBoth();
      const response = await gate.ask();
      await readAll(response);
      const { body } = await gate.fetch(response.headers["model-provenance-receipt-id"] as string);
      await writeFile(temporary.path("receipt.json"), body);
      return { ...gate, signed: parseReceipt(body), registries: [gate.registry], output: toUtf8Bytes(ANSWER) };
    }

    it("takes a signer with a Serve licence, a grant or the token, and no other", async function () {
      const { signed, registries, registry, minter, tokenId, output } = await receive();
      const contract = await ethers.deployContract("LicenseMarket");
      const market = async () => openMarket(registry.provider, await contract.getAddress());
      const check = async () => verifyReceipt({ signed, registries, market, output });
      expect((await check()).verdict).to.equal("not-acceptable");
      for (const kind of [Kind.Use, Kind.Serve]) {
        const offer = await makeOffer(registry.contract, tokenId, minter, { kind });
        await contract.connect(minter).list(offer);
        await contract.connect(minter).buy(offer, "0x", node.address, { value: offer.price });
        const { verdict, right } = await check();
        expect([verdict, right]).to.deep.equal(
          kind === Kind.Serve ? ["verified", "licence"] : ["not-acceptable", undefined],
        );
      }
      await registry.contract.connect(minter).grantUse(tokenId, node.address, 4_000_000_000n);
      expect(await check()).to.include({ verdict: "verified", right: "grant", outputMatches: true });
      await registry.contract.connect(minter).transferFrom(minter, node.address, tokenId);
      expect(await check()).to.include({ verdict: "verified", right: "owner" });
      await registry.contract.connect(minter).setStatus(tokenId, 2, "poisoned");
      expect((await check()).verdict).to.equal("not-acceptable");
    });

    it("tells another output, another signer, another model and another registry", async function () {
      const { signed, registries, registry, minter, tokenId, output } = await receive();
      await registry.contract.connect(minter).grantUse(tokenId, node.address, 4_000_000_000n);
      const changed = { ...signed, receipt: { ...signed.receipt, answeredAt: signed.receipt.answeredAt + 1n } };
      expect((await verifyReceipt({ signed: changed, registries, output })).verdict).to.equal("mismatch");
      const other = await verifyReceipt({ signed, registries, output: toUtf8Bytes(`${ANSWER} `) });
      expect(other).to.include({ verdict: "mismatch", outputMatches: false });
      const unknown = { ...signed, receipt: { ...signed.receipt, tokenId: 1n } };
      expect((await verifyReceipt({ signed: unknown, registries })).verdict).to.equal("not-registered");
      const code = await errorCode(() => verifyReceipt({ signed: { ...signed, chainId: 1n }, registries }));
      expect(code).to.equal("REGISTRY_NOT_CONFIGURED");
      expect((await verifyReceipt({ signed, registries })).outputMatches).to.equal(undefined);
    });
  });

  it("of another form are refused", async function () {
    for (const text of ["{}", "[]", "x", '{"schemaVersion":"1.0","registry":"eip155:1:0x12"}']) {
      expect(await errorCode(async () => Promise.resolve(parseReceipt(toUtf8Bytes(text))))).to.equal("RECEIPT_INVALID");
    }
  });
});

async function readAll(stream: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
