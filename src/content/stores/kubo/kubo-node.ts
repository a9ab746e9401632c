import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../../base/errors.ts";
import { writeCar } from "../../car/car.ts";
import { type Block, bytesMatchCid } from "../../cid.ts";
import type { Blocks, ContentStore, PinOptions } from "../../content-store.ts";
import type { KuboAnswer, KuboRpc } from "./rpc.ts";

// To pin, a node follows every link: that takes minutes for a model of hundreds of GB on a slow disk.
const PATIENCE: KuboPatience = { pin: 3_600_000, other: 90_000 };
// How long the node may look for a block on the network.
const SEARCH = "60s";
const ARGUMENTS_A_CALL = 64;
const NOT_FOUND = /not found|could not find|context deadline exceeded|timed out/i;

/** How long a node may be silent: while it pins, and while it answers anything else; in milliseconds. */
export interface KuboPatience {
  readonly pin: number;
  readonly other: number;
}

/**
 * A Kubo node, or a service that speaks its RPC, however it is reached. Blocks are sent as an archive, so that the node cuts nothing itself.
 *
 * @see https://docs.ipfs.tech/reference/kubo/rpc/
 */
export class KuboNode implements ContentStore {
  readonly name = "kubo";
  readonly public = true;
  readonly #rpc: KuboRpc;
  readonly #patience: KuboPatience;

  constructor(rpc: KuboRpc, patience: KuboPatience = PATIENCE) {
    this.#rpc = rpc;
    this.#patience = patience;
  }

  async pin(root: CID, blocks: Blocks, { linksOnly = false, signal }: PinOptions = {}): Promise<void> {
    const given: CID[] = [];
    const answer = await this.#rpc.call({
      path: "dag/import",
      parameters: [["pin-roots", String(!linksOnly)]],
      file: writeCar(root, linksOnly ? noteCids(blocks, given) : blocks),
      patience: this.#patience.pin,
      signal,
    });
    if (answer.status !== 200) throw this.#rpc.refusal(answer, `import ${root.toString()}`);
    const roots = this.#readRoots(answer);
    if (linksOnly) await this.#pinAlone(given, signal);
    else this.#assertPinned(root, roots);
  }

  async get(cid: CID): Promise<Uint8Array> {
    const answer = await this.#ask("block/get", cid, ["timeout", SEARCH]);
    if (answer.status !== 200) {
      if (!this.#isMissing(answer)) throw this.#rpc.refusal(answer, `give ${cid.toString()}`);
      const text = `The Kubo node at ${this.#rpc.host} does not hold ${cid.toString()}, nor did it find it. Pin it again.`;
      throw new ProvenanceError("STORE_BLOCK_MISSING", text);
    }
    if (bytesMatchCid(cid, answer.body)) return answer.body;
    const text = `The Kubo node at ${this.#rpc.host} answered other bytes than those of ${cid.toString()}.`;
    throw new ProvenanceError("STORE_BLOCK_CORRUPT", text);
  }

  async has(cid: CID): Promise<boolean> {
    const answer = await this.#ask("block/stat", cid, ["offline", "true"]);
    if (answer.status === 200) return true;
    if (this.#isMissing(answer)) return false;
    throw this.#rpc.refusal(answer, `look for ${cid.toString()}`);
  }

  async #ask(path: string, cid: CID, option: readonly [string, string]): Promise<KuboAnswer> {
    const parameters = [["arg", cid.toString()] as const, option];
    return this.#rpc.call({ path, parameters, patience: this.#patience.other });
  }

  #isMissing({ status, body }: KuboAnswer): boolean {
    return status === 500 && NOT_FOUND.test(this.#rpc.readMessage(body));
  }

  /** Pins each block and nothing that it links: the node would look for that on the network. */
  async #pinAlone(cids: readonly CID[], signal?: AbortSignal): Promise<void> {
    for (let start = 0; start < cids.length; start += ARGUMENTS_A_CALL) {
      await this.#pinSome(cids.slice(start, start + ARGUMENTS_A_CALL), signal);
    }
  }

  async #pinSome(cids: readonly CID[], signal?: AbortSignal): Promise<void> {
    const answer = await this.#rpc.call({
      path: "pin/add",
      parameters: [...cids.map((cid) => ["arg", cid.toString()] as const), ["recursive", "false"], ["offline", "true"]],
      patience: this.#patience.other,
      signal,
    });
    if (answer.status === 200) return;
    if (!/already pinned recursively/.test(this.#rpc.readMessage(answer.body))) {
      throw this.#rpc.refusal(answer, `pin ${cids.length} blocks`);
    }
    // That is more than was asked for; but the others of this call were not pinned.
    if (cids.length > 1) for (const cid of cids) await this.#pinSome([cid], signal);
  }

  /** The roots that the node names, each with what kept it from pinning. */
  #readRoots({ body }: KuboAnswer): Map<string, string> {
    const lines = new TextDecoder().decode(body).split("\n").filter(Boolean);
    try {
      return new Map(
        lines.flatMap((line) => {
          const { Root } = JSON.parse(line) as { Root?: { Cid: { "/": string }; PinErrorMsg?: string } };
          return Root === undefined ? [] : [[Root.Cid["/"], Root.PinErrorMsg ?? ""]];
        }),
      );
    } catch (cause) {
      const text = `The Kubo node at ${this.#rpc.host} gave an answer that is cut short or of another form. Run again.`;
      throw new ProvenanceError("STORE_FAILED", text, { cause });
    }
  }

  #assertPinned(root: CID, roots: ReadonlyMap<string, string>): void {
    const fault = roots.get(root.toString());
    if (fault === "") return;
    const others = [...roots.keys()].join(", ") || "none";
    const why = fault === undefined ? `its answer names ${others}` : this.#rpc.redact(fault).slice(0, 300);
    const text = `The Kubo node at ${this.#rpc.host} did not pin ${root.toString()}: ${why}.`;
    throw new ProvenanceError("STORE_FAILED", text);
  }
}

async function* noteCids(blocks: Blocks, cids: CID[]): AsyncGenerator<Block> {
  for await (const block of blocks) {
    cids.push(block.cid);
    yield block;
  }
}
