import { hashModel } from "../../model/hash-model.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import { type Terminal, followBytes, printable, table } from "../terminal.ts";
import { formatBytes } from "../format-bytes.ts";

/** Options of `hash`. */
export const HASH_OPTIONS = ["modelPath", "ignorePaths", "withCid", "format"] as const;

/** Hashes a model and prints its digests: nothing is sent anywhere. */
export async function runHash(
  options: OptionValues<(typeof HASH_OPTIONS)[number]>,
  terminal: Terminal,
): Promise<ExitCode> {
  const { ignorePaths: ignored = [], withCid = false } = options;
  const model = await followBytes(terminal, options.format, async (progress) =>
    hashModel(required(options, "modelPath"), { ignorePaths: ignored, withCid, ...progress }),
  );
  const { modelDigest, manifestRoot, weightsDigest, cid, resources, excluded, ignorePaths } = model;
  if (options.format === "json") {
    const digests = { modelDigest, manifestRoot, weightsDigest, cid };
    terminal.print(JSON.stringify({ schemaVersion: "1.0", ...digests, resources, excluded, ignorePaths }, null, 2));
    return EXIT.done;
  }
  for (const { name, reason } of excluded) terminal.note(`left out: ${printable(name)} (${reason})`);
  const rows = resources.map(({ name, size, sha256 }) => [printable(name), formatBytes(size), sha256]);
  terminal.print(table([["FILE", "SIZE", "SHA-256"], ...rows]));
  terminal.print("");
  terminal.print(
    table([
      ["modelDigest", modelDigest],
      ["manifestRoot", manifestRoot],
      ["weightsDigest", weightsDigest],
      ...(cid === undefined ? [] : [["CID", cid]]),
    ]),
  );
  return EXIT.done;
}
