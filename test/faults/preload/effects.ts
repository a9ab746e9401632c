import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/**
 * Called before each effect on the disk.
 *
 * @param needsRoom - whether the effect needs room on the disk
 * @param what - its name, with the path that it leads to, if any
 * @returns what is waited for before the effect
 * @throws what is thrown instead of the effect
 */
export type Step = (needsRoom: boolean, what: string) => Promise<unknown> | undefined;

type Effect = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/** Watches what changes a disk for good, in this thread: files and folders made, written, synced, moved, removed. */
export async function watchEffects(step: Step): Promise<void> {
  const watch = (owner: object, name: string, needsRoom: boolean, applies = (_args: unknown[]) => true) => {
    const effects = owner as Record<string, Effect>;
    const original = effects[name] as Effect;
    effects[name] = async function (...args) {
      const path = typeof args[1] === "string" ? args[1] : "";
      const pause = applies(args) ? step(needsRoom, `${name} ${path}`) : undefined;
      if (pause !== undefined) await pause;
      return original.apply(this, args);
    };
  };
  const probe = await promises.open(process.execPath, "r");
  const handle = Object.getPrototypeOf(probe) as object;
  await probe.close();

  for (const name of ["writeFile", "write", "sync", "datasync"]) watch(handle, name, true);
  for (const name of ["writeFile", "mkdir"]) watch(promises, name, true);
  for (const name of ["rename", "link", "rm", "unlink", "truncate"]) watch(promises, name, false);
  watch(promises, "open", true, ([, flags]) => typeof flags === "string" && flags !== "r");
  syncBuiltinESMExports();
}
