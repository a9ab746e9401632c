import { createHash } from "node:crypto";
import * as fc from "fast-check";
import type { Resource } from "../../src/model/resource.ts";

/** The resource that a file of this content is. */
export function resourceOf(name: string, content: string | Uint8Array): Resource {
  const bytes = Buffer.from(content);
  return { name, size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Names that may be recorded, of any planes and depths. */
export function arbitraryName(): fc.Arbitrary<string> {
  const character = fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }).filter((text) => !/[/\\\0]/.test(text));
  const component = fc
    .oneof(
      fc.constantFrom("a", "b", "a.b", "a-b", "model.safetensors", "é", "￿", "😀"),
      fc.string({ unit: character, minLength: 1, maxLength: 6 }),
    )
    .filter((text) => text !== "." && text !== ".." && text !== "");
  return fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
}

/** Lists of resources with distinct names, in any order. */
export function arbitraryResources(
  constraints: { minLength?: number; maxLength?: number } = {},
): fc.Arbitrary<Resource[]> {
  const content = fc.uint8Array({ maxLength: 4 });
  return fc
    .uniqueArray(fc.tuple(arbitraryName(), content), {
      selector: ([name]) => name.normalize("NFC"),
      minLength: constraints.minLength ?? 1,
      maxLength: constraints.maxLength ?? 8,
    })
    .map((entries) => entries.map(([name, bytes]) => resourceOf(name, bytes)));
}
