import { createHash } from "node:crypto";
import type { Hub } from "../hub.ts";

/** Names the Hub and the token with which it is asked; the token itself is nobody's business in a database. */
export function hubAccount({ endpoint, accessToken }: Pick<Hub, "endpoint" | "accessToken">): string {
  return createHash("sha256")
    .update(`${endpoint}\n${accessToken ?? ""}`)
    .digest("hex")
    .slice(0, 32);
}
