import { once } from "node:events";
import { type AddressInfo, type Socket, connect } from "node:net";
import { expect } from "chai";
import { type Answer, type Route, createFront } from "../server/front.ts";

const MIB = 1024 * 1024;
const LIMITS = { atOnce: 100, deadline: 10_000, maxAnswer: 8 * MIB };

describe("the indexer's server before askers who do not take what they asked for", function () {
  /** Serves an answer of 8 MiB, and a small one; settles `asked(n)` when n large ones were made. */
  async function serve() {
    const large = "x".repeat(8 * MIB);
    let made = 0;
    const waiting: { readonly count: number; readonly tell: () => void }[] = [];
    const answerLarge = async (): Promise<Answer> => {
      made++;
      for (const { count, tell } of waiting) if (made >= count) tell();
      return Promise.resolve({ body: large });
    };
    const routes: Route[] = [
      { path: "/large", method: "GET", limits: LIMITS, answer: answerLarge },
      { path: "/small", method: "GET", limits: LIMITS, answer: async () => Promise.resolve({ body: { ok: true } }) },
    ];
    const server = createFront(routes, () => undefined).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const asked = async (count: number) => {
      const { promise, resolve: tell } = Promise.withResolvers<void>();
      if (made >= count) tell();
      waiting.push({ count, tell });
      return promise;
    };
    const close = async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    };
    return { url: `http://127.0.0.1:${port}`, port, asked, close };
  }

  it("keeps no more than it can hold of large answers, and goes on with small ones", async function () {
    const { url, port, asked, close } = await serve();
    const sockets: Socket[] = [];
    try {
      for (let i = 0; i < 20; i++) {
        const socket = connect(port, "127.0.0.1").pause();
        socket.on("error", () => undefined);
        socket.write("GET /large HTTP/1.1\r\nhost: x\r\n\r\n");
        sockets.push(socket);
      }
      await asked(20);
      expect((await fetch(`${url}/large`)).status).to.equal(429);
      expect((await fetch(`${url}/small`)).status).to.equal(200);
      // Those who go away free what was kept for them.
      for (const socket of sockets) socket.destroy();
      let status = 429;
      while (status === 429) status = (await fetch(`${url}/large`)).status;
      expect(status).to.equal(200);
    } finally {
      for (const socket of sockets) socket.destroy();
      await close();
    }
  });
});
