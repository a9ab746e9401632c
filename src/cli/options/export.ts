import { parseDidWeb } from "../../metadata/did-web.ts";
import { everyday, invalid, option, text, toggle } from "../../base/option.ts";

/** What is exported, and how. */
export const EXPORT_OPTIONS = {
  exportOf: everyday(text("of", "EXPORT_OF", "whose record: a token, a path, or hf:owner/name[@revision]")),
  exportCheck: everyday(text("check", "EXPORT_CHECK", "what was exported: compare all of it with the chain")),
  exportSpec: text("spec", "EXPORT_SPEC", "the version of the standard, where the form has several"),
  exportIssuer: option("issuer", "EXPORT_ISSUER", "who signs: did:web:… with #name of the key; else did:key", readDid),
  exportAncestors: toggle(
    "ancestors",
    "EXPORT_ANCESTORS",
    "all that the model came from as well, not its parents alone",
  ),
} as const;

function readDid(value: string, name: string): string {
  const [did = "", key, ...more] = value.split("#");
  if (parseDidWeb(did) === undefined || key === "" || more.length > 0) {
    return invalid(name, value, "a did:web, also with the name of its key: did:web:example.org#key-1");
  }
  return value;
}
