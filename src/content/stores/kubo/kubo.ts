import { secret, text } from "../../../base/option.ts";
import { answers, defineStore } from "../store-definition.ts";

/** Where a node listens unless it is told otherwise. */
export const DEFAULT_API_URL = "http://127.0.0.1:5001";

/** A Kubo node, or a service that speaks its RPC. */
export const kubo = defineStore({
  name: "kubo",
  role: "provider",
  public: true,
  options: {
    kuboApiUrl: text("kubo-api", "KUBO_API_URL", `RPC of a Kubo node, a URL or a multiaddr; else ${DEFAULT_API_URL}`),
    kuboApiAuth: secret("kubo-api-auth", "KUBO_API_AUTH", "its authorization: bearer:TOKEN or basic:USER:PASSWORD"),
  },
  open: async ({ kuboApiUrl: apiUrl = DEFAULT_API_URL, kuboApiAuth: auth }) => {
    const { KuboStore } = await import("./kubo-store.ts");
    return new KuboStore({ apiUrl, ...(auth !== undefined && { auth }) });
  },
  doctor: answers,
});
