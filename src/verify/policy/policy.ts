import { getAddress, isAddress } from "ethers";
import { z } from "zod";
import { sha256 } from "../../base/bytes.ts";
import { type Hex, toHex } from "../../base/hex.ts";
import { FORMATS } from "../../model/formats/formats.ts";
import { parseDidWeb } from "../../metadata/did-web.ts";
import { isSingleLicense } from "../../metadata/license.ts";
import { addressBookSchema, toAddressBook } from "../../registry/publishers/address-book.ts";
import type { AddressBook } from "../../registry/publishers/publisher-sources.ts";
import { parseYaml } from "../../base/yaml-document.ts";

/** Formats a policy can name. `pickle` stands for all that is found to run code when it is loaded, `code` for programs. */
export const POLICY_FORMATS = [...FORMATS.map(({ name }) => name), "code"] as const;

const SECONDS: Record<string, number> = { h: 3600, d: 86_400, w: 7 * 86_400, y: 365 * 86_400 };

const address = z
  .string()
  .refine(
    (text) => /^0x/.test(text) && isAddress(text),
    "must be an address: 0x and 40 hex digits, with a right checksum if any",
  )
  .transform((text) => getAddress(text));
const registry = z
  .string()
  .regex(/^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/, "must be a CAIP-10 account, for example eip155:11155111:0x…");
const license = z.string().refine((text) => isSingleLicense(text), "must be one SPDX licence or LicenseRef-…");
const age = z
  .string()
  .regex(/^[1-9]\d{0,6} ?(h|d|w|y)$/, "must be a number and h, d, w or y, for example 365d")
  .transform((text) => Number.parseInt(text, 10) * (SECONDS[text.at(-1) as string] as number));
const publisherName = z
  .string()
  .min(1)
  .max(512)
  .refine((name) => !name.startsWith("did:") || parseDidWeb(name) !== undefined, "must be a did:web, or a name")
  .refine((name) => !/^(0x|eip155:)/i.test(name), "must be a name or a did:web; accounts stand behind a name");
const publishers = z
  .union(
    [
      z.array(z.union([publisherName, addressBookSchema])).min(1, "must name at least one, or be left out"),
      addressBookSchema,
    ],
    "must be a list of did:web:…, of names, and of names with their accounts",
  )
  .transform((given): AcceptedPublishers => {
    const entries = Array.isArray(given) ? given : [given];
    const names = entries.flatMap((entry) => (typeof entry === "string" ? [entry] : Object.keys(entry)));
    const books = entries.flatMap((entry) => (typeof entry === "string" ? [] : [toAddressBook(entry)]));
    return { names, book: new Map(books.flatMap((book) => [...book])) };
  });
const format = z.enum(POLICY_FORMATS);
const number = z.number();

/** Whose models are accepted, by name. */
export interface AcceptedPublishers {
  /** Each a did:web, a name in the address book, or a name of ENS. */
  readonly names: readonly string[];
  /** What the policy itself calls accounts. */
  readonly book: AddressBook;
}

/** `model-policy.yaml`: what must be true of a record for its model to be used. Every rule may be left out. */
export const policySchema = z.strictObject({
  schemaVersion: z.union([z.literal("1.0"), z.literal(1)], 'must be "1.0"'),
  creators: z.array(address).min(1, "must name at least one, or be left out").optional(),
  publishers: publishers.optional(),
  registries: z.array(registry).min(1, "must name at least one, or be left out").optional(),
  licenses: z
    .strictObject({
      allow: z.array(license).min(1, "must name at least one, or be left out").optional(),
      deny: z.array(license).optional(),
      nonCommercial: z.enum(["allow", "refuse"]).optional(),
    })
    .optional(),
  signature: z.enum(["required", "optional"]).optional(),
  deprecated: z.enum(["allow", "refuse"]).optional(),
  minimumConfirmations: z.int().positive().max(1_000_000).optional(),
  maximumAge: age.optional(),
  formats: z
    .strictObject({
      allow: z.array(format).min(1, "must name at least one, or be left out").optional(),
      refuse: z.array(format).optional(),
    })
    .optional(),
  ancestors: z
    .strictObject({
      status: z.enum(["active", "not-revoked"]).optional(),
      endorsed: z.enum(["required", "optional"]).optional(),
      licenses: z.enum(["not-more-permissive", "any"]).optional(),
    })
    .optional(),
  metrics: z
    .array(
      z
        .strictObject({
          name: z.string().min(1),
          dataset: z.string().optional(),
          split: z.string().optional(),
          minimum: number.optional(),
          maximum: number.optional(),
        })
        .refine(({ minimum = -Infinity, maximum = Infinity }) => minimum <= maximum, "has a minimum above its maximum"),
    )
    .optional(),
});

/** A policy; ages in seconds, addresses with their checksum. */
export type Policy = z.infer<typeof policySchema>;

/** A policy and the digest of the file it stands in. */
export interface PolicyFile {
  readonly policy: Policy;
  /** SHA-256 of the file's bytes, 0x-hex of 32 bytes. */
  readonly digest: Hex;
}

/**
 * Parses the bytes of a policy file, YAML 1.2 or JSON.
 *
 * @param name - of the file, as messages begin
 * @throws {ProvenanceError} `CONFIG_INVALID` with the line of every fault
 */
export function parsePolicyFile(bytes: Uint8Array, name = "The policy"): PolicyFile {
  return { policy: parseYaml(bytes, policySchema, name), digest: toHex(sha256(bytes)) };
}

/** Parses the bytes of a policy file. Errors as {@link parsePolicyFile}. */
export function parsePolicy(bytes: Uint8Array): Policy {
  return parsePolicyFile(bytes).policy;
}

/** The JSON Schema (draft 2020-12) of a policy file, for editors. */
export function policyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policySchema, { io: "input" });
}
