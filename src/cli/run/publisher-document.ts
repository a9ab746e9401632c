import { ProvenanceError } from "../../base/errors.ts";
import { readGivenFile } from "../../base/given-file.ts";
import { DID_DOCUMENT_MAX_BYTES } from "../../metadata/did-document.ts";
import { draftDidDocument } from "../../metadata/did-draft.ts";
import { parseDidWeb } from "../../metadata/did-web.ts";
import { parseUntrustedJson } from "../../metadata/json-limits.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Options, required } from "../options.ts";
import { readAccounts } from "../publisher-accounts.ts";
import { type Terminal, printable } from "../terminal.ts";

/** Prints the document of a did:web that lists accounts, and says where it belongs. */
export async function runPublisherDocument(options: Options, terminal: Terminal): Promise<ExitCode> {
  const did = required(options, "publisher");
  required(options, "publisherAccounts");
  const { didDocument } = options;
  const existing = didDocument === undefined ? undefined : await readExisting(didDocument);
  const document = draftDidDocument(did, readAccounts(options), existing);
  for (const line of JSON.stringify(document, null, 2).split("\n")) terminal.print(printable(line));
  terminal.note(`put this at ${parseDidWeb(did)?.url}; then: model-provenance publisher check ${did} --token TOKEN`);
  return EXIT.done;
}

async function readExisting(path: string): Promise<unknown> {
  const bytes = await readGivenFile(path, { what: "DID_DOCUMENT", maxBytes: DID_DOCUMENT_MAX_BYTES });
  try {
    return parseUntrustedJson(bytes, DID_DOCUMENT_MAX_BYTES, "It");
  } catch (cause) {
    const text = `DID_DOCUMENT ${path} is no document of a DID. ${(cause as Error).message}`;
    throw new ProvenanceError("OPTION_INVALID", text, { cause });
  }
}
