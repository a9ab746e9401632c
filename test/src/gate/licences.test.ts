import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { expect } from "chai";
import { askSources, marketSource, registrySource } from "../../../src/gate/access.ts";
import { openMarket } from "../../../src/registry/market/market.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { closeGates, startGate } from "../../helpers/gate.ts";
import { startServer } from "../../helpers/local-server.ts";
import { makeOffer } from "../../helpers/offers.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const FILE = "/v1/files/model.bin";
const HOUR = 3_600n;

describe("a gate that takes licences", function () {
  const temporary = useTemporaryFolder();
  const servers: { close: () => Promise<void> }[] = [];
  afterEach(async function () {
    await closeGates();
    await Promise.all(servers.splice(0).map(async (server) => server.close()));
  });

  /** A gate beside a market in which its model's owner sells licences of an hour. */
  async function startBoth() {
    let streaming: ServerResponse | undefined;
    const server = await startServer((_request, response) => {
      streaming = response;
      response.write("first");
    });
    servers.push(server);
    let ask = async (_account: string) => Promise.resolve(false);
    const gate = await startGate(temporary, undefined, {
      upstream: { url: new URL(server.url) },
      ask: async (account) => ask(account),
    });
    const { registry, tokenId, minter } = gate;
    const contract = await ethers.deployContract("LicenseMarket");
    const market = await openMarket(registry.provider, await contract.getAddress());
    ask = askSources(registry, [registrySource(registry, tokenId), marketSource(market, registry, tokenId)]);
    const offer = await makeOffer(registry.contract, tokenId, minter, { duration: HOUR });
    await contract.connect(minter).list(offer);
    const buy = async () => contract.connect(gate.stranger).buy(offer, "0x", gate.stranger, { value: offer.price });
    return { ...gate, contract, market, buy, write: () => streaming?.write("secret") };
  }

  it("opens a download as soon as a licence is bought", async function () {
    const { client, minter, stranger, buy } = await startBoth();
    expect((await client.trySignIn(stranger)).status).to.equal(403);
    expect((await client.send(FILE, { session: await client.signIn(minter) })).status).to.equal(200);
    await buy();
    const { status, body } = await client.send(FILE, { session: await client.signIn(stranger) });
    expect([status, body.toString()]).to.deep.equal([200, "weights"]);
  });

  it("closes with the licence, open streams included", async function () {
    const { client, stranger, buy, write } = await startBoth();
    await buy();
    const session = await client.signIn(stranger);
    const stream = await client.open("/v1/upstream/stream", { session });
    expect(String(await once(stream, "data"))).to.equal("first");
    await networkHelpers.time.increase(HOUR);
    const rest = readRest(stream);
    write();
    expect(await rest).to.deep.equal(["broken off", ""]);
    expect((await client.send(FILE, { session })).status).to.equal(401);
    expect((await client.trySignIn(stranger)).status).to.equal(403);
  });

  it("says that it does not know where one source is silent and no other says yes", async function () {
    const { registry, tokenId, minter, stranger } = await startBoth();
    const silent = async () => Promise.reject(new Error("silent"));
    const ask = askSources(registry, [registrySource(registry, tokenId), silent]);
    expect(await ask(minter.address)).to.equal(true);
    expect(await ask(stranger.address).catch(({ message }: Error) => message)).to.equal("silent");
  });
});

/** How a stream ended, and what still came. */
async function readRest(stream: IncomingMessage): Promise<[string, string]> {
  let text = "";
  stream.on("data", (piece: Buffer) => (text += piece.toString()));
  return new Promise((resolve) => {
    stream.once("end", () => resolve(["ended", text]));
    stream.once("error", () => resolve(["broken off", text]));
  });
}
