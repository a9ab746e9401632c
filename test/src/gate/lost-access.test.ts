import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { expect } from "chai";
import { closeGates, startGate } from "../../helpers/gate.ts";
import { startServer } from "../../helpers/local-server.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const LIFETIME = 5000;

describe("streams under way when access is lost", function () {
  const temporary = useTemporaryFolder();
  const servers: { close: () => Promise<void> }[] = [];
  afterEach(async function () {
    await closeGates();
    await Promise.all(servers.splice(0).map(async (server) => server.close()));
  });

  /** A gate that asks about an account each five seconds, and an endpoint whose answers have begun and go on by `write`. */
  async function startBoth() {
    const streams = new Map<string, ServerResponse>();
    const server = await startServer((request, response) => {
      streams.set(request.url as string, response);
      response.write("first");
    });
    servers.push(server);
    const chain = { allows: true, asked: 0 };
    const gate = await startGate(temporary, undefined, {
      upstream: { url: new URL(server.url) },
      ask: async () => {
        chain.asked++;
        return chain.allows;
      },
      limits: { accessLifetime: LIFETIME },
    });
    const session = await gate.client.signIn(gate.minter);
    const open = async (name: string) => {
      const response = await gate.client.open(`/v1/upstream/${name}`, { session });
      expect(String(await once(response, "data"))).to.equal("first");
      return response;
    };
    const write = (name: string) => streams.get(`/${name}`)?.write("secret");
    return { ...gate, session, chain, open, write };
  }

  it("end all, whichever of them was told first", async function () {
    const { client, session, chain, clock, open, write, audit } = await startBoth();
    const names = ["a", "b", "c"];
    const responses = await Promise.all(names.map(open));
    chain.allows = false;
    clock.now += LIFETIME;
    const before = chain.asked;
    for (const [index, name] of names.entries()) {
      const rest = readRest(responses[index] as IncomingMessage);
      write(name);
      expect(await rest, name).to.deep.equal(["broken off", ""]);
    }
    // The others took the answer that the first one was given.
    expect(chain.asked).to.equal(before + 1);
    expect(audit.filter(({ event, outcome }) => event === "inference" && outcome === "ok")).to.deep.equal([]);
    expect((await client.send("/v1/session", { session })).status).to.equal(401);
  });

  it("end although the account signs in again and again", async function () {
    const { client, minter, chain, clock, open, write } = await startBoth();
    const response = await open("a");
    chain.allows = false;
    for (let i = 0; i < 3; i++) {
      clock.now += LIFETIME - 1;
      expect((await client.trySignIn(minter)).status).to.equal(403);
    }
    const rest = readRest(response);
    write("a");
    expect(await rest).to.deep.equal(["broken off", ""]);
  });

  it("go on for those who keep it", async function () {
    const { chain, clock, open, write } = await startBoth();
    const response = await open("a");
    const before = chain.asked;
    for (let i = 0; i < 3; i++) {
      clock.now += LIFETIME;
      const next = once(response, "data");
      write("a");
      expect(String(await next)).to.equal("secret");
    }
    expect(chain.asked).to.equal(before + 3);
  });
});

/** What else comes, and how it ends. */
async function readRest(response: IncomingMessage): Promise<["complete" | "broken off", string]> {
  let text = "";
  try {
    for await (const piece of response) text += String(piece);
    return ["complete", text];
  } catch {
    return ["broken off", text];
  }
}
