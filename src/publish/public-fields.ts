import type { Metadata } from "../metadata/schema.ts";

const SHOWN_NAMES = 5;

/**
 * Lists what metadata say, and so what becomes public for ever with them, but for `attributes`, which repeats some of it.
 *
 * @returns names and values as text, as long as they are: strangers may have written them
 */
export function listPublic({ provenance, signature, attributes: _, ...about }: Metadata): [string, string][] {
  const { schemaVersion: __, manifest, ...said } = provenance;
  const { resources, file, ignorePaths } = manifest;
  const names = (resources ?? []).slice(0, SHOWN_NAMES).map(({ name }) => name);
  const count = resources?.length ?? file?.count ?? 0;
  const more = count > names.length ? ", …" : "";
  return [
    ...Object.entries(about).map(toText),
    ["files", `${count} with names, sizes and SHA-256: ${names.join(", ")}${more}`],
    ...(ignorePaths.length > 0 ? [toText(["ignorePaths", ignorePaths])] : []),
    ...Object.entries(said).map(toText),
    ["signature", `of ${signature.signer}`],
  ];
}

function toText([name, value]: [string, unknown]): [string, string] {
  return [name, typeof value === "string" ? value : JSON.stringify(value)];
}
