import { option, readServiceUrl, requireValue, secret } from "../../../base/option.ts";
import { answers, defineStore } from "../store-definition.ts";

const options = {
  pinataJwt: secret("pinata-jwt", "PINATA_JWT", "JWT of a Pinata key with the scopes Files: Write and Files: Read"),
  pinataGateway: option(
    "pinata-gateway",
    "PINATA_GATEWAY",
    "dedicated gateway of the Pinata account, to read from: a host, or a URL",
    readGateway,
  ),
  pinataApiUrl: option(
    "pinata-api",
    "PINATA_API_URL",
    "Pinata's API; else https://api.pinata.cloud/v3",
    readServiceUrl,
  ),
  pinataUploadUrl: option(
    "pinata-uploads",
    "PINATA_UPLOAD_URL",
    "Pinata's API for uploads; else https://uploads.pinata.cloud/v3",
    readServiceUrl,
  ),
};

/** An account at Pinata. */
export const pinata = defineStore({
  name: "pinata",
  role: "provider",
  public: true,
  options,
  gateway: "pinataGateway",
  open: async (
    { pinataJwt, pinataGateway: gateway, pinataApiUrl: apiUrl, pinataUploadUrl: uploadUrl },
    { uploads },
  ) => {
    const { PinataStore } = await import("./pinata-store.ts");
    const { UploadJournal } = await import("../upload-journal.ts");
    return new PinataStore({
      jwt: requireValue(options.pinataJwt, pinataJwt),
      ...(gateway !== undefined && { gateway }),
      ...(apiUrl !== undefined && { apiUrl }),
      ...(uploadUrl !== undefined && { uploadUrl }),
      journal: new UploadJournal(uploads),
    });
  },
  doctor: answers,
});

function readGateway(value: string, name: string): string {
  return readServiceUrl(value.includes("://") ? value : `https://${value}`, name).replace(/\/+$/, "");
}
