import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { replaceFileAtomically } from "../base/atomic-write.ts";
import { ProvenanceError } from "../base/errors.ts";
import { makeFolders } from "../base/make-folders.ts";
import { hashModel } from "../model/hash-model.ts";
import { streamHubFile } from "./hub-file.ts";
import type { InspectedModel } from "./inspect-model.ts";
import { mapInOrder } from "../base/concurrency.ts";

const FETCHED_AT_A_TIME = 4;

/**
 * Fetches every file of a model and compares it with the digest that Git or Git LFS names, piece by piece as it comes. A
 * file that is there already with the right content is not fetched again; no link in the folder is followed. At the end the copy is hashed like any folder.
 *
 * @param folder - the copy goes to `owner/name` in it
 * @returns where the copy is
 * @throws {ProvenanceError} `HUB_ANSWER_INVALID` for other bytes than the commit's, `MODEL_CHANGED` if the copy is another
 *   model in the end (other files lie in its folder), `OPTION_INVALID` where it cannot be written
 */
export async function downloadModel({ snapshot, contents }: InspectedModel, folder: string): Promise<string> {
  const target = join(folder, snapshot.id);
  const names = contents.model.resources.map(({ name }) => name);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => fail(folder, cause));
  const present = await hashPresent(target);
  const fetched = mapInOrder(names, FETCHED_AT_A_TIME, async (name) => {
    const file = contents.files.get(name);
    const expected = contents.model.resources.find((resource) => resource.name === name)?.sha256;
    if (file === undefined || present.get(name) === expected) return;
    const path = join(target, name);
    try {
      await makeFolders(folder, [...snapshot.id.split("/"), ...name.split("/").slice(0, -1)]);
      await replaceFileAtomically(path, async (handle) => handle.writeFile(streamHubFile(snapshot, file)));
    } catch (cause) {
      fail(path, cause);
    }
  });
  for await (const _ of fetched);
  const { modelDigest } = await hashModel(target);
  if (modelDigest === contents.model.modelDigest) return target;
  const text = `${target} holds other files than ${snapshot.id} at ${snapshot.revision}. Remove what does not belong there.`;
  throw new ProvenanceError("MODEL_CHANGED", text);
}

function fail(path: string, cause: unknown): never {
  if (cause instanceof ProvenanceError) throw cause;
  const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
  throw new ProvenanceError("OPTION_INVALID", `${path} cannot be written (${reason}).`, { cause });
}

/** What lies in the folder already, by name. */
async function hashPresent(target: string): Promise<ReadonlyMap<string, string>> {
  try {
    const { resources } = await hashModel(target);
    return new Map(resources.map(({ name, sha256 }) => [name, sha256]));
  } catch (error) {
    if (error instanceof ProvenanceError) return new Map(); // nothing there yet, or nothing that can be used
    throw error;
  }
}
