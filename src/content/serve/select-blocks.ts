import type { CID } from "multiformats/cid";
import type { Block } from "../cid.ts";
import { blockKey, walkDag } from "../unixfs/walk-dag.ts";
import type { GatewayRequest } from "./parse-request.ts";
import type { Resolved } from "./resolve-path.ts";
import { type Entity, type ReadBlock, describeEntity, readFileRange, readFolder } from "./unixfs-content.ts";

/**
 * The blocks of an archive that answers a request, each once: those on the way to where the path leads, and from there
 * on what the scope says.
 *
 * @throws what `read` throws
 * @see https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
export async function* selectBlocks(
  { cid, passed }: Resolved,
  request: Pick<GatewayRequest, "scope" | "entityBytes">,
  read: ReadBlock,
): AsyncGenerator<Block> {
  const seen = new Set<string>();
  for await (const block of join(passed, blocksBelow(cid, request, read))) {
    const key = blockKey(block.cid);
    if (seen.has(key)) continue;
    seen.add(key);
    yield { cid: block.cid, bytes: block.bytes };
  }
}

async function* join(first: Iterable<Block>, then: AsyncIterable<Block>): AsyncGenerator<Block> {
  yield* first;
  yield* then;
}

async function* blocksBelow(
  cid: CID,
  { scope, entityBytes }: Pick<GatewayRequest, "scope" | "entityBytes">,
  read: ReadBlock,
): AsyncGenerator<Block> {
  if (scope === "block") return void (yield { cid, bytes: await read(cid) });
  const entity: Entity = await describeEntity(cid, read);
  if (scope === "all" && !(entity.kind === "file" && entityBytes !== undefined)) {
    for await (const block of walkDag(cid, read)) {
      yield { cid: block.cid, bytes: block.bytes ?? (await read(block.cid)) };
    }
    return;
  }
  if (entity.kind === "folder") yield* readFolder(cid, read);
  else if (entity.kind === "file") yield* readFileRange(cid, ...toRange(entityBytes, entity.size), read);
  else yield { cid, bytes: await read(cid) };
}

/** The first byte, and the first that is not asked for. */
function toRange(bytes: GatewayRequest["entityBytes"], size: number): [start: number, end: number] {
  if (bytes === undefined) return [0, size];
  const fromStart = (position: number) => Math.max(0, position < 0 ? size + position : position);
  const [from, to] = bytes;
  return [fromStart(from), to === undefined ? size : Math.min(size, fromStart(to) + 1)];
}
