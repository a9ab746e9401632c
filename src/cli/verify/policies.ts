import { ProvenanceError } from "../../base/errors.ts";
import { joinAddressBooks } from "../../registry/publishers/address-book.ts";
import type { AddressBook } from "../../registry/publishers/publisher-sources.ts";
import type { PolicyContext } from "../../verify/policy/apply-policy.ts";
import type { PolicyFile } from "../../verify/policy/policy.ts";
import type { OptionValues } from "../options.ts";
import { parseAddress } from "../../base/address.ts";

/** The rules that a verifier gives. */
export interface GivenPolicies {
  readonly file?: PolicyFile;
  /** Accounts named by themselves; a record must satisfy these and the file. */
  readonly creators?: readonly string[];
}

/**
 * Reads the policy file and the creators that were named.
 *
 * @throws {ProvenanceError} `CONFIG_INVALID`, `OPTION_INVALID`
 */
export async function readPolicies({
  policyFile,
  allowedCreators,
}: OptionValues<"policyFile" | "allowedCreators">): Promise<GivenPolicies> {
  const creators = allowedCreators?.map((text) => {
    const address = parseAddress(text);
    if (address !== undefined) return address;
    throw new ProvenanceError("OPTION_INVALID", `MODEL_CREATORS takes addresses, got ${JSON.stringify(text)}.`);
  });
  if (creators?.length === 0) throw new ProvenanceError("OPTION_INVALID", "MODEL_CREATORS names no account.");
  const file =
    policyFile === undefined
      ? undefined
      : await (await import("../../verify/policy/policy-file.ts")).readPolicyFile(policyFile);
  return { ...(file && { file }), ...(creators && { creators }) };
}

/** Reads of which formats the files of the model are that is named, where one is. */
export function formatsAtHand({
  modelPath,
  ignorePaths = [],
  hfCache = false,
}: OptionValues<"modelPath" | "ignorePaths" | "hfCache">): Pick<PolicyContext, "readFormats"> {
  if (modelPath === undefined) return {};
  const readFormats = async () => {
    const { readModelFormats } = await import("../../verify/model-at-hand.ts");
    return readModelFormats(modelPath, { ignorePaths, hfCache });
  };
  return { readFormats };
}

/** What the policy, and the registries file that is named, call accounts. @throws {ProvenanceError} `CONFIG_INVALID` */
export async function readBook(options: OptionValues<"policyFile" | "registriesFile">): Promise<AddressBook> {
  const { registriesFile, policyFile } = options;
  const listed =
    registriesFile === undefined
      ? undefined
      : await (await import("../../registry/registries-file.ts")).readRegistriesAndPublishers(registriesFile);
  const { file } = await readPolicies(policyFile === undefined ? {} : { policyFile });
  return joinAddressBooks([listed?.publishers, file?.policy.publishers?.book]);
}
