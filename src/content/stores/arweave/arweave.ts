import { readGivenFile } from "../../../base/given-file.ts";
import { invalid, option, readServiceUrl, requireValue, text } from "../../../base/option.ts";
import { answers, defineStore } from "../store-definition.ts";

const WINSTON_DIGITS = 12;
// A key of 4096 bits has 3 KiB.
const KEY_MAX_BYTES = 64 * 1024;
const LACKS =
  "STORE=arweave keeps a further copy of the metadata, and no model. Name a store beside it (STORE=pinata,arweave).";

const options = {
  arweaveKeyFile: text("arweave-key", "ARWEAVE_KEY_FILE", "file with the key of an Arweave wallet (JWK), which pays"),
  arweaveUrl: option("arweave", "ARWEAVE_URL", "node or gateway of Arweave; else https://arweave.net", readServiceUrl),
  arweaveMaxPrice: option(
    "arweave-max-price",
    "ARWEAVE_MAX_PRICE",
    "refuse to pay more than this for one block, in AR; else 0.1",
    readAr,
  ),
};

/** A wallet on Arweave, which pays for permanent copies of single blocks. */
export const arweave = defineStore({
  name: "arweave",
  role: "copy",
  public: true,
  options,
  open: async ({ arweaveKeyFile, arweaveUrl: url, arweaveMaxPrice: maxPrice }, { uploads, ...context }) => {
    const { ArweaveStore } = await import("./arweave-store.ts");
    const { parseArweaveKey } = await import("./arweave-key.ts");
    const { UploadJournal } = await import("../upload-journal.ts");
    return new ArweaveStore({
      key: parseArweaveKey(await readKey(requireValue(options.arweaveKeyFile, arweaveKeyFile))),
      ...(url !== undefined && { url }),
      ...(maxPrice !== undefined && { maxPrice }),
      journal: new UploadJournal(uploads),
      ...context,
    });
  },
  doctor: answers,
  lacks: (others) => (others.some(({ role }) => role === "provider") ? undefined : LACKS),
});

async function readKey(path: string): Promise<string> {
  return (await readGivenFile(path, { what: "ARWEAVE_KEY_FILE", maxBytes: KEY_MAX_BYTES })).toString("utf8");
}

function readAr(value: string, name: string): bigint {
  const match = /^(\d{1,9})(?:\.(\d{1,12}))?$/.exec(value);
  if (match === null) return invalid(name, value, "an amount of AR, for example 0.01");
  return BigInt((match[1] as string) + (match[2] ?? "").padEnd(WINSTON_DIGITS, "0"));
}
