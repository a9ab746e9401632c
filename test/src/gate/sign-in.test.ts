import { Wallet } from "ethers";
import { expect } from "chai";
import { formatSiweMessage } from "../../../src/gate/siwe-message.ts";
import { closeGates, startGate } from "../../helpers/gate.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MINUTE = 60_000;
const DAY_SECONDS = 86_400;
const FILE = "/v1/files/model.bin";

describe("signing in to a gate", function () {
  const temporary = useTemporaryFolder();
  afterEach(closeGates);

  it("says what a message must name", async function () {
    const { client, url, registry, tokenId } = await startGate(temporary);
    const { json } = await client.send("/v1/gate");
    expect(json).to.deep.equal({
      schemaVersion: "1.0",
      domain: new URL(url).host,
      uri: `${url}/v1/session`,
      version: "1",
      chainId: "31337",
      registry: registry.address,
      tokenId: `0x${tokenId.toString(16).padStart(64, "0")}`,
      serves: ["files"],
    });
  });

  it("lets the owner in, who may sign out", async function () {
    const { client, minter } = await startGate(temporary);
    const session = await client.signIn(minter);
    expect((await client.send(FILE, { session })).body.toString()).to.equal("weights");
    expect((await client.send("/v1/session", { session })).json["account"]).to.equal(minter.address);
    expect((await client.send("/v1/session", { session, method: "DELETE" })).status).to.equal(204);
    expect((await client.send(FILE, { session })).status).to.equal(401);
  });

  it("lets nobody in without a session, or with one that is made up", async function () {
    const { client } = await startGate(temporary);
    for (const headers of [{}, { authorization: "Bearer " }, { authorization: `Basic ${"A".repeat(43)}` }]) {
      for (const path of [FILE, "/v1/files", "/v1/session"]) {
        expect((await client.send(path, { headers })).status).to.equal(401);
      }
    }
    const forged = await client.send(FILE, { session: "A".repeat(43) });
    expect([forged.status, forged.headers["www-authenticate"]]).to.deep.equal([401, "Bearer"]);
  });

  it("lets an account with a grant in, as long as it is in force", async function () {
    const { client, contract, minter, stranger, tokenId } = await startGate(temporary);
    expect((await client.trySignIn(stranger)).json["error"]).to.equal("access_denied");
    const expires = (await networkHelpers.time.latest()) + DAY_SECONDS;
    await contract.connect(minter).grantUse(tokenId, stranger, expires);
    const session = await client.signIn(stranger);
    expect((await client.send(FILE, { session })).status).to.equal(200);
    await networkHelpers.time.increaseTo(expires + 1);
    const late = await client.send(FILE, { session });
    expect([late.status, late.json["error"]]).to.deep.equal([403, "access_denied"]);
    // The session is over, also when the grant is given again.
    await contract.connect(minter).grantUse(tokenId, stranger, expires + DAY_SECONDS);
    expect((await client.send(FILE, { session })).status).to.equal(401);
  });

  it("ends sessions when a grant is revoked, the token moves, or the model is revoked", async function () {
    const { client, contract, minter, stranger, owner, tokenId } = await startGate(temporary);
    const expires = (await networkHelpers.time.latest()) + DAY_SECONDS;
    await contract.connect(minter).grantUse(tokenId, stranger, expires);
    const granted = await client.signIn(stranger);
    await contract.connect(minter).revokeUse(tokenId, stranger);
    expect((await client.send(FILE, { session: granted })).status).to.equal(403);

    await contract.connect(minter).grantUse(tokenId, stranger, expires);
    const [ofOwner, ofGuest] = [await client.signIn(minter), await client.signIn(stranger)];
    await contract.connect(minter).transferFrom(minter, owner, tokenId);
    for (const session of [ofOwner, ofGuest]) {
      expect((await client.send(FILE, { session })).status).to.equal(403);
      expect((await client.send(FILE, { session })).status).to.equal(401);
    }
    const ofNext = await client.signIn(owner);
    await contract.connect(minter).setStatus(tokenId, 2, "leaks");
    expect((await client.send(FILE, { session: ofNext })).status).to.equal(403);
  });

  it("ends sessions in time, and never later than the message says", async function () {
    const { client, minter, clock } = await startGate(temporary);
    const session = await client.signIn(minter);
    const short = await client.trySignIn(minter, { expirationTime: new Date(clock.now + MINUTE).toISOString() });
    clock.now += MINUTE;
    expect((await client.send(FILE, { session: short.json["session"] as string })).status).to.equal(401);
    expect((await client.send(FILE, { session })).status).to.equal(200);
    clock.now += 59 * MINUTE;
    expect((await client.send(FILE, { session })).status).to.equal(401);
  });

  it("takes a message once", async function () {
    const { client, minter } = await startGate(temporary);
    const text = formatSiweMessage(await client.message(minter.address));
    const signature = await minter.signMessage(text);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => client.post(text, signature)));
    expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
    expect(new Set(answers.map(({ json }) => json["error"]))).to.deep.equal(new Set([undefined, "nonce_unknown"]));
  });

  it("uses a nonce up even where the signature is wrong", async function () {
    const { client, minter, stranger } = await startGate(temporary);
    const text = formatSiweMessage(await client.message(minter.address));
    expect((await client.post(text, await stranger.signMessage(text))).json["error"]).to.equal("signature_invalid");
    expect((await client.post(text, await minter.signMessage(text))).json["error"]).to.equal("nonce_unknown");
  });

  it("refuses messages for other sites, chains and times", async function () {
    const { client, minter, clock, url } = await startGate(temporary);
    const at = (change: number) => new Date(clock.now + change).toISOString();
    const refusals = {
      domain_mismatch: [{ domain: "evil.example" }, { domain: "127.0.0.1" }, { scheme: "https" }],
      uri_mismatch: [{ uri: "https://evil.example/v1/session" }, { uri: url }, { uri: `${url}/v1/session/` }],
      chain_mismatch: [{ chainId: 1n }, { chainId: 313370n }],
      issued_in_future: [{ issuedAt: at(2 * MINUTE) }],
      message_too_old: [{ issuedAt: at(-7 * MINUTE) }],
      message_expired: [{ expirationTime: at(0) }, { expirationTime: at(-MINUTE) }],
      message_not_yet_valid: [{ notBefore: at(1000) }],
      nonce_unknown: [{ nonce: "f".repeat(32) }],
      message_invalid: [
        { statement: "two\nlines" },
        { version: "2" as "1" },
        { address: minter.address.toLowerCase() },
      ],
    };
    for (const [error, changes] of Object.entries(refusals)) {
      for (const change of changes) {
        const { status, json } = await client.trySignIn(minter, change);
        expect([status, json["error"]], JSON.stringify(json)).to.deep.equal([401, error]);
      }
    }
    expect((await client.trySignIn(minter, { scheme: "http", notBefore: at(0) })).status).to.equal(201);
  });

  it("takes a nonce for five minutes", async function () {
    const { client, minter, clock } = await startGate(temporary);
    const text = formatSiweMessage(await client.message(minter.address));
    clock.now += 5 * MINUTE;
    expect((await client.post(text, await minter.signMessage(text))).json["error"]).to.equal("nonce_unknown");
  });

  it("refuses forged signatures", async function () {
    const { client, minter, stranger } = await startGate(temporary);
    const forge = {
      "of another account": async (text: string) => stranger.signMessage(text),
      "of another text": async (text: string) => minter.signMessage(`${text} `),
      "one that is not normal": async (text: string) => (await minter.signMessage(text)).replace(/..$/, "ff"),
      nothing: async () => "0x",
      zeros: async () => `0x${"00".repeat(65)}`,
      "no hex": async () => "signature",
      "very many bytes": async () => `0x${"11".repeat(20_000)}`,
    };
    for (const [what, sign] of Object.entries(forge)) {
      const text = formatSiweMessage(await client.message(minter.address));
      const { status, json } = await client.post(text, await sign(text));
      expect([status, json["error"]], what).to.deep.equal([401, "signature_invalid"]);
    }
  });

  it("lets contract accounts in by ERC-1271", async function () {
    const { client, contract, minter, stranger, tokenId } = await startGate(temporary);
    const wallet = await ethers.deployContract("WalletMock", [stranger]);
    const address = await wallet.getAddress();
    const sign = async (signer: { signMessage: (text: string) => Promise<string> }) => {
      const text = formatSiweMessage(await client.message(address));
      return client.post(text, await signer.signMessage(text));
    };
    expect((await sign(stranger)).json["error"]).to.equal("access_denied");
    await contract.connect(minter).transferFrom(minter, address, tokenId);
    expect((await sign(minter)).json["error"]).to.equal("signature_invalid");
    const { status, json } = await sign(stranger);
    expect([status, json["account"]]).to.deep.equal([201, address]);
    expect((await client.send(FILE, { session: json["session"] as string })).status).to.equal(200);
  });

  it("takes a contract that is no wallet for nobody", async function () {
    const { client, registry } = await startGate(temporary);
    const text = formatSiweMessage(await client.message(registry.address));
    const { json } = await client.post(text, await Wallet.createRandom().signMessage(text));
    expect(json["error"]).to.equal("signature_invalid");
  });

  it("refuses what is no request to sign in", async function () {
    const { client } = await startGate(temporary);
    const headers = { "content-type": "application/json" };
    for (const body of [
      "",
      "{",
      "null",
      "[]",
      "{}",
      '{"message":1,"signature":"0x"}',
      '{"message":"","signature":"","x":1}',
    ]) {
      expect((await client.send("/v1/session", { method: "POST", headers, body })).status, body).to.equal(400);
    }
    const polluting = '{"message":"","signature":"","__proto__":{"x":1}}';
    expect((await client.send("/v1/session", { method: "POST", headers, body: polluting })).status).to.equal(400);
    const large = JSON.stringify({ message: "x".repeat(70_000), signature: "" });
    expect((await client.send("/v1/session", { method: "POST", headers, body: large })).status).to.equal(413);
    const typed = { method: "POST", headers: { "content-type": "text/xml" }, body: "<x/>" };
    expect((await client.send("/v1/session", typed)).status).to.equal(415);
  });

  it("keeps sixteen sessions of an account", async function () {
    const { client, minter } = await startGate(temporary);
    const first = await client.signIn(minter);
    const later: string[] = [];
    for (let i = 0; i < 16; i++) later.push(await client.signIn(minter));
    expect((await client.send("/v1/session", { session: first })).status).to.equal(401);
    for (const session of later) expect((await client.send("/v1/session", { session })).status).to.equal(200);
  });
});
