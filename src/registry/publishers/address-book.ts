import { z } from "zod";
import { parseAddress } from "../../base/address.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type AddressBook, bookKey } from "./publisher-sources.ts";

const accountSchema = z
  .string("must be an account in quotes: 0x…, or eip155:<chain>:0x… for one chain")
  .transform((text, context) => {
    const [, chain, address = text] = /^eip155:([1-9]\d{0,31}):(.*)$/.exec(text) ?? [];
    const account = parseAddress(address);
    if (account !== undefined) return bookKey(account, chain === undefined ? undefined : BigInt(chain));
    context.addIssue("must be 0x and 40 hex digits, with a right checksum if any, or eip155:<chain>:0x…");
    return z.NEVER;
  });

/** What is wrong with an account, or with one of a list, in the words of what was meant. */
function sayFault({ input, ...issue }: { readonly input?: unknown; readonly code?: unknown }): string {
  const { errors = [] } = issue as { errors?: readonly (readonly { readonly message: string }[])[] };
  const meant = typeof input === "string" ? errors[0] : Array.isArray(input) ? errors[1] : undefined;
  return meant?.[0]?.message ?? "must be an account in quotes, or a list of accounts";
}

/** An address book as people write it: names, and the account or accounts of each. */
export const addressBookSchema = z
  .record(
    z
      .string()
      .min(1)
      .max(100)
      .refine((name) => !/^(did:|0x|eip155:)/i.test(name), "must be a name, not a DID or an account"),
    z.union([accountSchema, z.array(accountSchema).min(1, "must name at least one account").max(1000)], {
      error: sayFault,
    }),
  )
  .superRefine((entries, context) => {
    const seen = new Map<string, string>();
    for (const [name, accounts] of Object.entries(entries)) {
      for (const key of [accounts].flat()) {
        const other = seen.get(key);
        if (other !== undefined) {
          context.addIssue({ code: "custom", path: [name], message: `${key} is of ${JSON.stringify(other)} already` });
        }
        seen.set(key, name);
      }
    }
  });

/** Turns what {@link addressBookSchema} read into a book. */
export function toAddressBook(entries: z.infer<typeof addressBookSchema>): AddressBook {
  return new Map(Object.entries(entries).flatMap(([name, keys]) => [keys].flat().map((key) => [key, name] as const)));
}

/**
 * Joins the books that a verifier gave.
 *
 * @throws {ProvenanceError} `CONFIG_INVALID` where two call one account by different names
 */
export function joinAddressBooks(books: readonly (AddressBook | undefined)[]): AddressBook {
  const joined = new Map<string, string>();
  for (const [key, name] of books.flatMap((book) => [...(book ?? [])])) {
    const other = joined.get(key) ?? name;
    if (other !== name) {
      const text = `Two address books call ${key} by different names: ${JSON.stringify(other)} and ${JSON.stringify(name)}.`;
      throw new ProvenanceError("CONFIG_INVALID", `${text} Correct publishers in the registries file or the policy.`);
    }
    joined.set(key, name);
  }
  return joined;
}
