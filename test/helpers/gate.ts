import { createHash } from "node:crypto";
import { type IncomingHttpHeaders, type IncomingMessage, Agent, request as httpRequest } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Signer } from "ethers";
import type { FastifyInstance } from "fastify";
import { askSources, registrySource } from "../../src/gate/access.ts";
import type { AuditEntry } from "../../src/gate/audit.ts";
import { signInUri } from "../../src/gate/check-sign-in.ts";
import { createGate } from "../../src/gate/create-gate.ts";
import type { GateOptions } from "../../src/gate/gate-options.ts";
import { openServedModel } from "../../src/gate/served-model.ts";
import { type SiweMessage, formatSiweMessage } from "../../src/gate/siwe-message.ts";
import { networkHelpers } from "./deploy-model-provenance.ts";
import { deployRegistry, recordModel } from "./recorded-model.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";

/** What a gate answered. */
export interface GateAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body, where it is JSON. */
  readonly json: Record<string, unknown>;
}

/** How a request differs from a plain GET. */
export interface GateRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly session?: string;
}

const UNLIMITED = { requestsPerMinute: 1_000_000, signInsPerMinute: 1_000_000, accessLifetime: 0 };
const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
const started: FastifyInstance[] = [];

/** Closes all gates of a test, whoever is still connected. */
export async function closeGates(): Promise<void> {
  for (const app of started.splice(0)) {
    app.server.closeAllConnections();
    await app.close();
  }
}

/** Records a model whose token the minter owns, and serves it on this machine; the chain is asked for every piece. */
export async function startGate(
  temporary: TemporaryFolder,
  files: Readonly<Record<string, string | Uint8Array>> = { "model.bin": "weights", "config.json": "{}" },
  change: Partial<GateOptions> = {},
) {
  const deployed = await networkHelpers.loadFixture(deployRegistry);
  deployed.store.blocks.clear();
  const modelPath = await temporary.write("model", files);
  const { registry, store } = deployed;
  const tokenId = await recordModel(deployed, { modelPath, statements: {} });
  const model = await openServedModel({ modelPath, registry, store });
  const audit: AuditEntry[] = [];
  const clock = { now: (await networkHelpers.time.latest()) * 1000 };
  let url = "";
  const app = await createGate({
    publicUrl: () => url,
    registry,
    tokenId,
    ask: askSources(registry, [registrySource(registry, tokenId)]),
    files: model.files,
    audit: { write: (entry) => void audit.push(entry), isHealthy: () => true },
    now: () => clock.now,
    ...change,
    limits: { ...UNLIMITED, ...change.limits },
  });
  started.push(app);
  await app.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const client = new GateClient(() => url, clock);
  return { ...deployed, app, url, client, modelPath, tokenId, audit, clock };
}

/** Talks to a gate as a client would, or as one should not. */
export class GateClient {
  readonly #url: () => string;
  readonly #clock: { readonly now: number };

  readonly #chainId: bigint;

  constructor(url: () => string, clock: { readonly now: number }, chainId = 31337n) {
    this.#url = url;
    this.#clock = clock;
    this.#chainId = chainId;
  }

  /** Sends a request; the path goes out as it is. */
  async send(path: string, options: GateRequest = {}): Promise<GateAnswer> {
    const response = await this.open(path, options);
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const isJson = response.headers["content-type"]?.startsWith("application/json") === true && body.length > 0;
    const json = isJson ? (JSON.parse(body.toString()) as Record<string, unknown>) : {};
    return { status: response.statusCode as number, headers: response.headers, body, json };
  }

  /** Sends a request and gives the answer as it comes. */
  async open(
    path: string,
    { method = "GET", headers = {}, body, session }: GateRequest = {},
  ): Promise<IncomingMessage> {
    const { hostname, port } = new URL(this.#url());
    const all = { ...headers, ...(session !== undefined && { authorization: `Bearer ${session}` }) };
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({ agent, hostname, port, path, method, headers: all }, resolve);
      outgoing.once("error", reject);
      outgoing.end(body);
    });
  }

  /** A message that signs this account in, with a nonce of this gate. */
  async message(address: string, change: Partial<SiweMessage> = {}): Promise<SiweMessage> {
    const { json } = await this.send("/v1/nonce", { method: "POST" });
    const url = this.#url();
    return {
      domain: new URL(url).host,
      address,
      statement: "Use the model.",
      uri: signInUri(url),
      version: "1",
      chainId: this.#chainId,
      nonce: json["nonce"] as string,
      issuedAt: new Date(this.#clock.now).toISOString(),
      ...change,
    };
  }

  /** Sends a message and a signature. */
  async post(message: string, signature: string): Promise<GateAnswer> {
    const body = JSON.stringify({ message, signature });
    return this.send("/v1/session", { method: "POST", headers: { "content-type": "application/json" }, body });
  }

  /** Signs in, or tries to, with a message that was changed before it was signed. */
  async trySignIn(signer: Signer, change: Partial<SiweMessage> = {}): Promise<GateAnswer> {
    const text = formatSiweMessage(await this.message(await signer.getAddress(), change));
    return this.post(text, await signer.signMessage(text));
  }

  /** Signs in. @returns the session */
  async signIn(signer: Signer): Promise<string> {
    const { status, json } = await this.trySignIn(signer);
    if (status !== 201) throw new Error(`not signed in: ${status} ${JSON.stringify(json)}`);
    return json["session"] as string;
  }
}

/** Sends bytes over a connection of their own and gives all that comes back until it is closed. */
export async function sendRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = "";
    socket.on("data", (piece) => (answer += piece.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}

/** 64 hex digits. */
export function sha256Of(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
