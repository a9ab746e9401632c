import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { readModelRecord } from "../../registry/model-record.ts";
import type { Registry } from "../../registry/registry.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { askSources } from "../../gate/access.ts";
import { openAuditFile } from "../../gate/audit-file.ts";
import { type AuditLog, formatAuditEntry } from "../../gate/audit.ts";
import { createGate } from "../../gate/create-gate.ts";
import type { GateLimits } from "../../gate/gate-options.ts";
import { type ServedModel, openServedModel } from "../../gate/served-model.ts";
import { toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printJson } from "../long-output.ts";
import { openAccess, openSigner } from "../gate/open-access.ts";
import { openPublishers } from "../open-publishers.ts";
import { openReading } from "../open-gateways.ts";
import { openLocalStore } from "../open-stores.ts";
import { type Options, required } from "../options.ts";
import { type Terminal, followBytes } from "../terminal.ts";

const LOOPBACK = "127.0.0.1";
const PORT = 8080;
const SECOND = 1000;
const MIB = 1024 * 1024;
// Answers under way may end; then whoever started the gate wants it to be gone.
const GRACE = 30 * SECOND;

/**
 * Serves a model's files, an inference endpoint, or both, to the owner of the model's token and to accounts with a usage
 * grant, until the process is told to stop. Prints its address once it listens.
 *
 * @param until - what ends it; a signal to the process unless given
 */
export async function runGateServe(
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
  until: () => Promise<unknown> = async () => Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]),
): Promise<ExitCode> {
  const { serveHost: host = LOOPBACK, upstream, trustedProxies } = options;
  assertOptions(options, host);
  const connection = await connect();
  const registry = await connectRegistry(connection, options);
  const model = options.modelPath === undefined ? undefined : await openModel(options, connection, registry, terminal);
  const tokenId = model?.tokenId ?? (await readTokenId(options, registry));
  let listening = "";
  const app = await createGate({
    publicUrl: () => options.publicUrl ?? listening,
    registry,
    tokenId,
    ask: askSources(registry, await openAccess(options, connection, registry, tokenId)),
    ...(options.receipts === true && { receiptSigner: await openSigner(options, connection, terminal) }),
    ...(model && { files: model.files }),
    ...(upstream && { upstream: { url: upstream, ...authorizationOf(options) } }),
    audit: openAudit(options, terminal),
    limits: limitsOf(options),
    ...(trustedProxies && { trustedProxies }),
  });
  const stopped = until();
  listening = await listen(app, host, options.servePort ?? PORT);
  announce(options, listening, tokenId, terminal);
  await stopped;
  const timer = setTimeout(() => app.server.closeAllConnections(), GRACE);
  await app.close();
  clearTimeout(timer);
  return EXIT.done;
}

function assertOptions({ modelPath, upstream, publicUrl, receipts }: Options, host: string): void {
  if (modelPath === undefined && upstream === undefined) {
    const text = "There is nothing to serve: name a model (MODEL_PATH), an endpoint (GATE_UPSTREAM), or both.";
    throw new ProvenanceError("OPTION_MISSING", text);
  }
  if (receipts === true && upstream === undefined) {
    const text = "Receipts are for answers of an endpoint: name it (GATE_UPSTREAM), or leave GATE_RECEIPTS out.";
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  if (publicUrl === undefined && !isLoopback(host)) {
    const text = "Other machines reach this gate, and what their users sign must name it: set GATE_PUBLIC_URL.";
    throw new ProvenanceError("OPTION_MISSING", text);
  }
}

async function openModel(
  options: Options,
  connection: ChainConnection,
  registry: Registry,
  terminal: Terminal,
): Promise<ServedModel> {
  const { ignorePaths, hfCache = false, tokenId } = options;
  const store = openReading(options, connection.chainId, openLocalStore(options), terminal);
  const request = {
    modelPath: required(options, "modelPath"),
    registry,
    store,
    publishers: await openPublishers(options, { store, registries: [registry] }),
    ...(tokenId !== undefined && { tokenId: await resolveTokenId(tokenId, { hfCache }) }),
    ...(ignorePaths && { ignorePaths }),
    hfCache,
  };
  const model = await followBytes(terminal, options.format, async (progress) =>
    openServedModel({ ...request, ...progress }),
  );
  for (const warning of model.report.warnings) terminal.warn(warning);
  terminal.note(model.report.reason);
  return model;
}

async function readTokenId(options: Options, registry: Registry): Promise<bigint> {
  const tokenId = await resolveTokenId(required(options, "tokenId"), { hfCache: options.hfCache ?? false });
  if ((await readModelRecord(registry, tokenId)) !== undefined) return tokenId;
  throw new ProvenanceError(
    "TOKEN_UNKNOWN",
    `There is no token ${toHex32(tokenId)} in the registry ${registry.address}.`,
  );
}

function authorizationOf({ upstreamAuthorization }: Options): { authorization?: string } {
  return upstreamAuthorization === undefined ? {} : { authorization: upstreamAuthorization };
}

function limitsOf({ sessionSeconds, accessSeconds, requestsPerMinute, maxBodyMib }: Options): Partial<GateLimits> {
  return {
    ...(sessionSeconds !== undefined && { sessionLifetime: sessionSeconds * SECOND }),
    ...(accessSeconds !== undefined && { accessLifetime: accessSeconds * SECOND }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(maxBodyMib !== undefined && { bodyBytes: maxBodyMib * MIB }),
  };
}

function openAudit({ auditLog }: Options, terminal: Terminal): AuditLog {
  if (auditLog === undefined) {
    return { write: (entry) => terminal.note(formatAuditEntry(entry)), isHealthy: () => true };
  }
  const audit = openAuditFile(auditLog, ({ message }) =>
    terminal.warn(`The audit log cannot be written, and nothing is served until it can: ${message}`),
  );
  if (audit.isHealthy()) return audit;
  throw new ProvenanceError("OPTION_INVALID", `The audit log ${auditLog} cannot be written. Set GATE_AUDIT_LOG.`);
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    const reason = (cause as NodeJS.ErrnoException).code;
    const text = `Nothing can listen on ${host} port ${port} (${reason}). Set SERVE_HOST and SERVE_PORT.`;
    throw new ProvenanceError("OPTION_INVALID", text, { cause });
  }
  const { address, port: given, family } = app.server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${given}`;
}

function announce({ format, publicUrl }: Options, url: string, tokenId: bigint, terminal: Terminal): void {
  const users = publicUrl ?? url;
  if (format === "json") printJson(terminal, { url, publicUrl: users, tokenId: toHex32(tokenId) });
  else terminal.print(url);
  terminal.note(`serves token ${toHex32(tokenId)} to who may use it; users reach it as ${users}; stop it by Ctrl-C`);
  const { protocol, hostname } = new URL(users);
  if (protocol === "http:" && !isLoopback(hostname)) {
    terminal.warn("Sessions travel in the clear: put the gate behind TLS, and name it by GATE_PUBLIC_URL=https://….");
  }
}

function isLoopback(host: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)$/.test(host);
}
