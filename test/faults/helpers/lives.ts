import { AsyncLocalStorage } from "node:async_hooks";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { JsonRpcApiProvider, type JsonRpcPayload, type JsonRpcResult, Wallet } from "ethers";
import { PUBLISH } from "../../../src/cli/commands/publish.ts";
import type { ChainConnection } from "../../../src/cli/chain-connection.ts";
import { readOptions } from "../../../src/cli/read-options.ts";
import { recordingTerminal } from "../../helpers/recording-terminal.ts";
import { watchEffects } from "../preload/effects.ts";
import { forwardTo } from "./rpc-proxy.ts";
import type { World } from "./publishing-world.ts";

/** Where a publisher dies: instead of a step that changes the disk; instead of a request; after the node did what was asked. */
export interface DeathPoint {
  readonly kind: "write" | "request" | "answer";
  readonly at: number;
}

/** From which step on the disk is full. */
export interface FullDisk {
  readonly kind: "full";
  readonly at: number;
}

/** What a publisher did while it lived. */
export interface Life {
  readonly died: boolean;
  readonly exitCode: number | undefined;
  /** What it failed with. */
  readonly error: unknown;
  /** What it told the person at the terminal. */
  readonly notes: readonly string[];
  /** Each step that changed the disk: its name and the path it leads to, if any. */
  readonly steps: readonly string[];
  /** The methods it asked the node for. */
  readonly requests: readonly string[];
}

const NEVER = new Promise<never>(() => undefined);
const living = new AsyncLocalStorage<Publisher>();
await watchEffects((needsRoom, what) => living.getStore()?.write(needsRoom, what));

/**
 * Publishes in this process, as the command does, up to a point. From there on nothing that the publisher does reaches the
 * disk or the node, and no answer reaches it: all it had in memory is lost, as by `kill -9`, without a process for each
 * try. What a process that is gone leaves behind, its locks among it, is made to look so.
 *
 * @param args - those of `publish`, without the verb
 * @param home - the folder in which its state, its store and its models lie
 */
export async function live(
  world: World,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  home: string,
  fault?: DeathPoint | FullDisk,
): Promise<Life> {
  const publisher = new Publisher(world, fault);
  const before = new Set(process.listeners("SIGINT"));
  let exitCode: number | undefined;
  let error: unknown;
  try {
    const run = living.run(publisher, async () => publisher.publish(args, environment, home));
    exitCode = await Promise.race([run, publisher.end]);
  } catch (caught) {
    error = caught;
  } finally {
    for (const left of process.listeners("SIGINT")) if (!before.has(left)) process.off("SIGINT", left);
    if (publisher.isDead) await bury(home);
  }
  const { isDead: died, steps, requests, notes } = publisher;
  return { died, exitCode, error, notes, steps, requests };
}

class Publisher {
  readonly steps: string[] = [];
  readonly requests: string[] = [];
  readonly end: Promise<undefined>;
  readonly #world: World;
  readonly #fault: DeathPoint | FullDisk | undefined;
  #die: () => void = () => undefined;
  notes: readonly string[] = [];
  isDead = false;

  constructor(world: World, fault: DeathPoint | FullDisk | undefined) {
    this.#world = world;
    this.#fault = fault;
    this.end = new Promise((resolve) => {
      this.#die = () => {
        this.isDead = true;
        resolve(undefined);
      };
    });
  }

  async publish(args: readonly string[], environment: Readonly<Record<string, string>>, home: string): Promise<number> {
    const options = await readOptions(PUBLISH, args, environment, home);
    const { chainId, folder } = this.#world;
    const provider = new MortalProvider(this, chainId);
    const wallet = new Wallet(environment["PRIVATE_KEY"] as string, provider);
    const connection: ChainConnection = {
      networkName: "a chain",
      chainId: BigInt(chainId),
      provider,
      deploymentsFolder: join(folder, "deployments"),
      getSigner: async () => wallet,
    };
    const { terminal, notes } = recordingTerminal();
    this.notes = notes;
    return PUBLISH.run(options, {
      terminal: { ...terminal, warn: terminal.note },
      connect: async () => connection,
      environment,
    });
  }

  /**
   * A step that changes the disk.
   *
   * @returns what never ends, for a dead publisher; else undefined
   * @throws what the system says where the disk is full
   */
  write(needsRoom: boolean, what: string): Promise<never> | undefined {
    if (!this.isDead) this.steps.push(what);
    this.#dieAt("write", this.steps.length);
    if (this.isDead) return NEVER;
    if (this.#fault?.kind === "full" && needsRoom && this.steps.length >= this.#fault.at) {
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC", errno: -28 });
    }
    return undefined;
  }

  async request(payload: JsonRpcPayload): Promise<JsonRpcResult> {
    if (this.isDead) return NEVER;
    this.requests.push(payload.method);
    const place = this.requests.length;
    this.#dieAt("request", place);
    if (this.isDead) return NEVER;
    const answer = await forwardTo(this.#world.url, { ...payload, params: payload.params as unknown[] });
    this.#dieAt("answer", place);
    return this.isDead ? NEVER : ({ ...answer, id: payload.id } as JsonRpcResult);
  }

  #dieAt(kind: DeathPoint["kind"], place: number): void {
    if (this.#fault?.kind === kind && this.#fault.at === place) this.#die();
  }
}

/** Talks to the node for one publisher. */
class MortalProvider extends JsonRpcApiProvider {
  readonly #publisher: Publisher;

  constructor(publisher: Publisher, chainId: number) {
    super(chainId, { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 });
    this.#publisher = publisher;
    this._start();
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    return Promise.all([payload].flat().map(async (one) => this.#publisher.request(one)));
  }
}

/** Makes every mark that this process left, such as a lock, that of one that was started at another time. */
async function bury(home: string): Promise<void> {
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, "utf8");
    if (text.includes(`"pid":${process.pid},`))
      await writeFile(path, text.replace(/"started":"[^"]*"/, '"started":"earlier"'));
  }
}
