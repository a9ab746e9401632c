import { invalid, list, option, readWhole, secret, text, toggle } from "../../base/option.ts";

const DAY_SECONDS = 24 * 60 * 60;
const MAX_MIB = 1024;

/** Who may have a model that is served, and how. */
export const GATE_OPTIONS = {
  publicUrl: option(
    "public-url",
    "GATE_PUBLIC_URL",
    "where users reach the gate, https://host; what they sign names it; else the address it listens on",
    readPublicUrl,
  ),
  upstream: option(
    "upstream",
    "GATE_UPSTREAM",
    "the inference endpoint that is served to who may use the model",
    readBase,
  ),
  upstreamAuthorization: secret(
    "upstream-authorization",
    "GATE_UPSTREAM_AUTHORIZATION",
    "what the endpoint wants in its Authorization header; clients never see it",
  ),
  sessionSeconds: option(
    "session-seconds",
    "GATE_SESSION_SECONDS",
    "how long a session lasts; else 3600",
    readWhole(1, DAY_SECONDS),
  ),
  accessSeconds: option(
    "access-seconds",
    "GATE_ACCESS_SECONDS",
    "how long the chain's answer counts before it is asked again; else 5",
    readWhole(0, DAY_SECONDS),
  ),
  requestsPerMinute: option(
    "requests-per-minute",
    "GATE_REQUESTS_PER_MINUTE",
    "requests that one account may send in a minute; else 600",
    readWhole(1, 1_000_000),
  ),
  maxBodyMib: option(
    "max-body-mib",
    "GATE_MAX_BODY_MIB",
    "MiB that a request to the endpoint may have; else 16",
    readWhole(1, MAX_MIB),
  ),
  access: list(
    "access",
    "GATE_ACCESS",
    "what lets an account in: registry (owner and grants), market (licences of LICENSE_MARKET), market:0x…; else registry",
  ),
  receipts: toggle("receipts", "GATE_RECEIPTS", "sign a receipt for each answer of the endpoint"),
  auditLog: text("audit-log", "GATE_AUDIT_LOG", "file that a line is appended to for each request; else stderr"),
  trustedProxies: list(
    "trusted-proxy",
    "GATE_TRUSTED_PROXIES",
    "addresses or networks of proxies whose X-Forwarded-For is believed",
  ),
} as const;

function readBase(value: string, name: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && `${url.username}${url.password}` === "";
  if (isPlain && url.search === "" && url.hash === "") return url;
  return invalid(name, "(not shown)", "a URL, https://host/path, without account, query and fragment");
}

function readPublicUrl(value: string, name: string): string {
  const { origin, pathname } = readBase(value, name);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}
