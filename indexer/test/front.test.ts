import { once } from "node:events";
import { type AddressInfo, type Socket, connect } from "node:net";
import { expect } from "chai";
import { type Answer, type Route, createFront } from "../server/front.ts";

const MIB = 1024 * 1024;
const LIMITS = { atOnce: 100, deadline: 10_000, maxAnswer: 8 * MIB };

describe("the indexer's server before askers who neither send nor take what they should", function () {
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
      { path: "/said", method: "POST", limits: LIMITS, answer: async ({ body }) => Promise.resolve({ body }) },
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

  for (const [what, unfinished] of [
    ["a connection that says nothing", ""],
    ["headers that do not end", "POST /said HTTP/1.1\r\nhost: x\r\nx-slow: "],
    ["a body of which little comes", "POST /said HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"],
  ] as const) {
    it(`gives up ${what} where others wait for their turn`, async function () {
      const { url, port, close } = await serve();
      const sockets: Socket[] = [];
      try {
        const early = connect(port, "127.0.0.1");
        const ended = once(early, "close");
        early.on("error", () => undefined);
        sockets.push(early);
        for (let i = 0; i < 600; i++) {
          const socket = connect(port, "127.0.0.1");
          socket.on("error", () => undefined);
          sockets.push(socket);
          await once(socket, "connect");
          socket.write(unfinished);
        }
        const said = await fetch(`${url}/said`, { method: "POST", body: "whole" });
        expect(await said.text()).to.equal("whole");
        await ended;
      } finally {
        for (const socket of sockets) socket.destroy();
        await close();
      }
    });
  }
});
