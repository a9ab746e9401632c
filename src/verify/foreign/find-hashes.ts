import { type ForeignHash, readForeignHash } from "./hash-forms.ts";

/** A hash that somebody's metadata states. */
export interface StatedHash {
  /** Where it stands, as people write paths: `attributes[2].value (Weights Hash)`. */
  readonly place: string;
  readonly text: string;
  readonly hash: ForeignHash;
}

const MAX_HASHES = 1_000;
// Where ERC-721 and marketplaces put pictures and pages: their addresses are no hashes of a model.
const NOT_OF_THE_MODEL = /^(image|image_url|image_data|animation_url|external_url|banner_image|youtube_url)$/;

/** Finds all texts in a metadata JSON that may be hashes, wherever they stand, in the order of the document. */
export function findStatedHashes(metadata: unknown): StatedHash[] {
  const found: StatedHash[] = [];
  const waiting: { value: unknown; place: string; label: string }[] = [{ value: metadata, place: "", label: "" }];
  // What comes next stands last: a long list is neither shifted nor spread.
  for (let next = waiting.pop(); next !== undefined && found.length < MAX_HASHES; next = waiting.pop()) {
    const { value, place, label } = next;
    if (typeof value === "string") {
      for (const hash of readForeignHash(value)) found.push({ place: place + label, text: value, hash });
    } else if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) waiting.push({ value: value[i], place: `${place}[${i}]`, label: "" });
    } else if (typeof value === "object" && value !== null) {
      for (const entry of entriesOf(value as Record<string, unknown>, place).reverse()) waiting.push(entry);
    }
  }
  return found;
}

function entriesOf(object: Record<string, unknown>, place: string) {
  const trait = object["trait_type"];
  const label = typeof trait === "string" ? ` (${trait.slice(0, 64)})` : "";
  return Object.entries(object)
    .filter(([key]) => key !== "trait_type" && !NOT_OF_THE_MODEL.test(key))
    .map(([key, value]) => ({ value, place: place === "" ? key : `${place}.${key}`, label }));
}
