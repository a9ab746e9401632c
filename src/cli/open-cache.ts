import type { DigestCache } from "../model/hashing/digest-cache.ts";
import type { OptionValues } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** Opens the hash cache that was asked for; undefined: none was. */
export async function openCache(
  { cachePath }: OptionValues<"cachePath">,
  { warn }: Pick<Terminal, "warn">,
): Promise<DigestCache | undefined> {
  if (cachePath === undefined) return undefined;
  const cache = await import("../model/hashing/digest-cache.ts");
  return cache.DigestCache.open(cachePath, { now: Date.now, warn });
}
