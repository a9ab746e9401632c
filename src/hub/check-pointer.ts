import { ProvenanceError } from "../base/errors.ts";
import { LFS_POINTER_MAX_BYTES, parseLfsPointer } from "../model/lfs-pointer.ts";
import type { HubSnapshot } from "./hub-file.ts";
import { type HubTreeFile, gitOidOf, pointerGitOid } from "./hub-tree.ts";

/**
 * Checks that the SHA-256 and size the Hub states of an LFS file are those of the commit. Git holds a pointer in its
 * place, which follows from both: its Git id must be the one the tree names. Where it is not, the pointer is fetched.
 *
 * @returns a warning where the pointer is of another form and cannot be compared
 * @throws {ProvenanceError} `HUB_ANSWER_INVALID` where the commit names another digest or size, as the Hub's requests
 */
export async function checkPointer(snapshot: HubSnapshot, file: HubTreeFile): Promise<string | undefined> {
  const { lfsSha256, size, gitOid, name } = file;
  if (lfsSha256 === undefined || pointerGitOid(lfsSha256, size) === gitOid) return undefined;
  const pointer = await fetchPointer(snapshot, file);
  const named = parseLfsPointer(pointer);
  const isOfCommit = gitOidOf(pointer) === gitOid;
  if (!isOfCommit || (named !== undefined && (named.sha256 !== lfsSha256 || named.size !== size))) {
    throw new ProvenanceError(
      "HUB_ANSWER_INVALID",
      `What the Hub says of ${snapshot.id} is refused: the SHA-256 and size of ${JSON.stringify(name)} are not those of the commit.`,
    );
  }
  if (named !== undefined) return undefined;
  return `${name}: the Git LFS pointer is of another form; its SHA-256 is what the Hub says it is.`;
}

async function fetchPointer({ hub, id, revision }: HubSnapshot, { name }: HubTreeFile): Promise<Buffer> {
  const path = name.split("/").map(encodeURIComponent).join("/");
  const limits = { maxBytes: LFS_POINTER_MAX_BYTES, what: `the pointer ${name} of ${id}` };
  const { accessToken } = hub;
  const response = await hub.fetch(limits)(`${hub.endpoint}/${id}/raw/${revision}/${path}`, {
    headers: accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` },
  });
  return Buffer.from(await response.arrayBuffer());
}
