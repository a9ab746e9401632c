import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Bounds the connections of a server: where one more comes, the one goes that has been silent or unfinished for longest. Whoever
 * sends slowly, or nothing, keeps nobody out.
 *
 * @param most - connections at once; of those that are all being answered the newest goes
 */
export class Connections {
  /** Those that wait for a request, or for the rest of one: the longest first. */
  readonly #waiting = new Set<Socket>();
  #open = 0;

  constructor(server: Server, most: number) {
    server.on("connection", (socket) => {
      this.#open++;
      socket.once("close", () => {
        this.#open--;
        this.#waiting.delete(socket);
      });
      if (this.#open > most) {
        const [longest = socket] = this.#waiting;
        this.#waiting.delete(longest);
        longest.destroy();
      }
      if (!socket.destroyed) this.#waiting.add(socket);
    });
  }

  /** A request has come whole: its connection is kept until the answer is sent. */
  hold(socket: Socket, response: ServerResponse): void {
    this.#waiting.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) this.#waiting.add(socket);
    });
  }
}
