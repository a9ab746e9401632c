import { z } from "zod";
import { CLAIM_ANSWERS, PUBLISHER_SOURCES } from "./publisher.ts";

/** Who is behind an account, as documents say it. */
export const publisherSchema = z
  .strictObject({
    account: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
    name: z.string().optional().describe("only where it holds in both directions; as it was written: escape it"),
    source: z.enum(PUBLISHER_SOURCES).optional().describe("who says so"),
    claims: z.array(
      z.strictObject({
        source: z.enum(PUBLISHER_SOURCES),
        id: z.string().describe("the DID, the name of ENS, or the name in the address book"),
        name: z.string(),
        holds: z.enum(CLAIM_ANSWERS).describe("former: it was once; unknown: it could not be asked"),
        why: z.string().optional(),
        checkedAt: z.int().nonnegative().optional().describe("Unix time in seconds when the other side was asked"),
      }),
    ),
    unread: z.array(z.string()).optional().describe("who could not be asked, and why"),
  })
  .describe("who is behind an account");
