import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Files to make: names with "/" and their content; the name "" makes the model the single file `model.bin`. */
export type ModelFiles = Readonly<Record<string, string>>;

const made: string[] = [];

/** Makes a model in a new folder. Returns its path. */
export async function makeModel(files: ModelFiles, links: ModelFiles = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "oms-"));
  made.push(folder);
  const single = join(folder, "model.bin");
  const model = "" in files ? single : join(folder, "model");
  if (!("" in files)) await mkdir(model);
  for (const [name, content] of Object.entries(files)) await writeInto(join(model, name), content);
  for (const [name, target] of Object.entries(links)) await symlink(target, join(model, name));
  return model;
}

/** Removes what {@link makeModel} made. */
export async function removeModels(): Promise<void> {
  await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

async function writeInto(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
