import type { CID } from "multiformats/cid";
import { findUnixfsFile } from "../unixfs/read-dag.ts";
import type { Block } from "../cid.ts";
import { Refusal } from "./refusal.ts";
import { type Entity, type ReadBlock, describeEntity } from "./unixfs-content.ts";

/** Where a path leads. */
export interface Resolved {
  readonly cid: CID;
  /** The blocks that were read on the way: who wants to check the path needs them. */
  readonly passed: readonly Block[];
}

/**
 * Follows names from a root. They are looked up in folders of the DAG alone: no name reaches this machine's files.
 *
 * @throws {Refusal} 404 where there is no such name; what `read` throws
 */
export async function resolvePath(root: CID, segments: readonly string[], read: ReadBlock): Promise<Resolved> {
  const passed: Block[] = [];
  const noting: ReadBlock = async (cid) => {
    const bytes = await read(cid);
    if (!passed.some((block) => block.cid.equals(cid))) passed.push({ cid, bytes });
    return bytes;
  };
  let cid = root;
  for (const segment of segments) {
    const entity: Entity = await describeEntity(cid, noting);
    const next = entity.kind === "folder" ? await findUnixfsFile(cid, segment, noting) : undefined;
    if (next === undefined) throw new Refusal(404, "There is nothing under that name.");
    cid = next;
  }
  return { cid, passed };
}
