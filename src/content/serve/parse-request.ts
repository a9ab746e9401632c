import type { IncomingMessage } from "node:http";
import { CID } from "multiformats/cid";
import { base36 } from "multiformats/bases/base36";
import { Refusal } from "./refusal.ts";

/** What of a DAG an archive is to hold: the root's block, the file or the folder without its entries, or everything. */
export type DagScope = "block" | "entity" | "all";

/** What somebody asks a gateway for. */
export interface GatewayRequest {
  readonly root: CID;
  /** Names below the root. */
  readonly segments: readonly string[];
  /** The bytes of a block, an archive of blocks, or the content as a browser wants it. */
  readonly format: "raw" | "car" | "content";
  readonly scope: DagScope;
  /** Where the path leads to a file: its bytes that an archive is to hold, both included; a negative number counts from the end. */
  readonly entityBytes?: readonly [from: number, to: number | undefined];
  /** A name for the file to be saved under. */
  readonly filename?: string;
  /** To be saved, never shown. */
  readonly download: boolean;
}

const MAX_SEGMENTS = 64;

/**
 * Reads a request by the rules of IPFS gateways: `?format=` wins over `Accept`.
 *
 * @throws {Refusal} 400, 404, 406
 * @see https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
export function parseRequest({ url = "", headers }: Pick<IncomingMessage, "url" | "headers">): GatewayRequest {
  const query = new URLSearchParams(url.includes("?") ? url.slice(url.indexOf("?") + 1) : "");
  const [, namespace, cid, ...names] = (url.split("?")[0] as string).split("/");
  if (!url.startsWith("/ipfs/") || namespace !== "ipfs" || !cid) {
    throw new Refusal(404, "This gateway knows paths of the form /ipfs/{cid}[/path].");
  }
  const segments = names.filter(Boolean).map(decodeSegment);
  if (segments.length > MAX_SEGMENTS) throw new Refusal(400, "The path is too long.");
  const filename = query.get("filename");
  const entityBytes = parseEntityBytes(query.get("entity-bytes"));
  return {
    root: parseCid(cid),
    segments,
    format: chooseFormat(query, headers.accept),
    scope: parseScope(query.get("dag-scope")),
    ...(entityBytes && { entityBytes }),
    ...(filename && { filename }),
    download: query.get("download") === "true",
  };
}

function parseCid(text: string): CID {
  try {
    return text.startsWith("k") ? CID.parse(text, base36) : CID.parse(text);
  } catch {
    throw new Refusal(400, "The path does not begin with a CID.");
  }
}

function decodeSegment(text: string): string {
  let name: string;
  try {
    name = decodeURIComponent(text);
  } catch {
    throw new Refusal(400, "The path is not percent-encoded UTF-8.");
  }
  if (!name.includes("/") && !name.includes("\0")) return name;
  throw new Refusal(400, "A name in the path holds a character that no name has.");
}

function chooseFormat(query: URLSearchParams, accept = "*/*"): GatewayRequest["format"] {
  const asked = query.get("format");
  const types = asked === null ? accept.toLowerCase().split(",") : [`application/vnd.ipld.${asked}`];
  const known = types
    .map(readMediaType)
    .flatMap(({ format, ...rest }) => (format === undefined ? [] : [{ format, ...rest }]))
    .toSorted((a, b) => b.quality - a.quality);
  const [best] = known;
  if (best === undefined) throw new Refusal(406, "This gateway has raw blocks, archives (CARv1) and files.");
  const version = query.get("car-version") ?? best.version;
  if (best.format === "car" && version !== "1") throw new Refusal(406, "This gateway has archives of version 1.");
  return best.format;
}

interface MediaType {
  readonly format: GatewayRequest["format"] | undefined;
  readonly quality: number;
  readonly version: string;
}

function readMediaType(text: string): MediaType {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const values = new Map(parameters.map((part) => part.split("=", 2).map((word) => word.trim()) as [string, string]));
  const quality = Number(values.get("q") ?? 1);
  const version = values.get("version")?.replaceAll('"', "") ?? "1";
  if (type === "application/vnd.ipld.raw") return { format: "raw", quality, version };
  if (type === "application/vnd.ipld.car") return { format: "car", quality, version };
  // Other forms that a gateway might have, and this one has not.
  const isOther = type.startsWith("application/vnd.ipld.") || type.startsWith("application/vnd.ipfs.");
  return { format: isOther || type === "" ? undefined : "content", quality, version };
}

function parseScope(text: string | null): DagScope {
  if (text === "block" || text === "entity" || text === "all") return text;
  if (text === null) return "all";
  throw new Refusal(400, "dag-scope is block, entity or all.");
}

function parseEntityBytes(text: string | null): readonly [number, number | undefined] | undefined {
  if (text === null) return undefined;
  const [, from, to] = /^(-?\d{1,15}):(-?\d{1,15}|\*)$/.exec(text) ?? [];
  if (from === undefined || to === undefined) throw new Refusal(400, "entity-bytes is from:to, and to may be *.");
  return [Number(from), to === "*" ? undefined : Number(to)];
}
