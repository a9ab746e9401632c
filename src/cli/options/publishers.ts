import { everyday, invalid, list, option, rare, readUrl, text, toggle } from "../../base/option.ts";
import { parseDidWeb } from "../../metadata/did-web.ts";

/** Who is behind an account: what is said of oneself, and who is asked about others. */
export const PUBLISHER_OPTIONS = {
  publisher: everyday(
    option(
      "publisher",
      "MODEL_PUBLISHER",
      "the did:web that the creator's account is of, signed and recorded (docs/publishers.md)",
      readDidWeb,
    ),
    "did:web:example.org",
  ),
  contributorsPath: text(
    "contributors",
    "CONTRIBUTORS_PATH",
    "YAML file of who had a part in the model: account or did, role, share; shares sum to 10 000",
  ),
  publisherAccounts: list(
    "accounts",
    "PUBLISHER_ACCOUNTS",
    "accounts of the publisher, comma-separated: 0x… on the chain that is named, or eip155:<chain>:0x…",
  ),
  publisherStatements: list(
    "publisher-statements",
    "PUBLISHER_STATEMENTS",
    "statements of accounts that say who they are, comma-separated: files, or ipfs://… where they are pinned",
  ),
  didDocument: text("did-document", "DID_DOCUMENT", "a did.json that is there already: what else stands in it stays"),
  ensRpcUrl: option(
    "ens-rpc-url",
    "ENS_RPC_URL",
    "a JSON-RPC node of Ethereum mainnet, which is asked for the ENS names of accounts",
    readUrl,
  ),
  didOrigin: rare(
    option(
      "did-origin",
      "DID_ORIGIN",
      "a server of did:web documents that may be asked although its address is private",
      readUrl,
    ),
  ),
  fromContributors: toggle(
    "from-contributors",
    "FROM_CONTRIBUTORS",
    "take payees and shares from the contributors in the metadata of the token",
  ),
} as const;

function readDidWeb(value: string, name: string): string {
  return parseDidWeb(value) === undefined
    ? invalid(name, value, "a did:web, its host in lower case: did:web:example.org")
    : value;
}
