import type { VerifyReport } from "../../verify/report.ts";

/** Writes the files that were verified as `sha256sum -c` reads them; nothing where any file is not as recorded. */
export function toSha256sum({ verdict, files }: VerifyReport): string {
  if (verdict !== "verified") return "";
  const lines = files.flatMap(({ name, actual, expected }) => {
    const sha256 = actual?.sha256 ?? expected?.sha256;
    return sha256 === undefined ? [] : [toLine(actual?.name ?? name, sha256)];
  });
  return lines.join("\n");
}

/** A backslash before the digest says that the name is escaped. */
function toLine(name: string, sha256: string): string {
  const escaped = name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `${escaped === name ? "" : "\\"}${sha256}  ${escaped}`;
}
