import { invalid, listOf, option, readServiceUrl, requireValue, secret, toggle } from "../../../base/option.ts";
import { answers, defineStore } from "../store-definition.ts";

const MAX_ORIGINS = 20;
const LACKS =
  "STORE=psa pins by CID alone: the service fetches the blocks from a store that provides them on IPFS. Name one " +
  "beside it (STORE=pinata,psa), or set PSA_ELSEWHERE=1 where another node of yours has the content.";

const options = {
  psaUrl: option(
    "psa",
    "PSA_URL",
    "endpoint of an IPFS pinning service (any vendor); /pins is below it",
    readServiceUrl,
  ),
  psaToken: secret("psa-token", "PSA_TOKEN", "access token of the pinning service"),
  psaOrigins: listOf(
    "psa-origins",
    "PSA_ORIGINS",
    "multiaddresses of nodes that have the content, comma-separated: the pinning service connects to them first",
    readOrigins,
  ),
  psaTimeout: option(
    "psa-timeout",
    "PSA_TIMEOUT",
    "how long the pinning service may take to fetch and pin, in seconds; else 600",
    readSeconds,
  ),
  psaElsewhere: toggle(
    "psa-elsewhere",
    "PSA_ELSEWHERE",
    "pin by the pinning service alone: another IPFS node provides the content already",
  ),
};

/** Any service of the IPFS Pinning Service API. */
export const psa = defineStore({
  name: "psa",
  role: "follower",
  public: true,
  options,
  open: async ({ psaUrl, psaToken, psaOrigins: origins, psaTimeout: seconds }) => {
    const { PinningServiceStore } = await import("./pinning-service-store.ts");
    return new PinningServiceStore({
      url: requireValue(options.psaUrl, psaUrl),
      token: requireValue(options.psaToken, psaToken),
      ...(origins && { origins }),
      ...(seconds !== undefined && { deadline: seconds * 1000 }),
    });
  },
  doctor: answers,
  lacks: (others, { psaElsewhere = false }) =>
    psaElsewhere || others.some((store) => store.role === "provider" && store.public) ? undefined : LACKS,
});

function readOrigins(value: string, name: string): readonly string[] {
  const origins = value.split(",").map((part) => part.trim());
  const valid = origins.every(
    (origin) => /^\/[^\s]+\/p2p\/[A-Za-z0-9]+$/.test(origin) || /^\/p2p\/[A-Za-z0-9]+$/.test(origin),
  );
  if (valid && origins.length <= MAX_ORIGINS) return origins;
  return invalid(name, value, `at most ${MAX_ORIGINS} multiaddresses that end with /p2p/<peer id>, comma-separated`);
}

function readSeconds(value: string, name: string): number {
  return /^[1-9]\d{0,5}$/.test(value) ? Number(value) : invalid(name, value, "a number of seconds");
}
