import { NAMING_OPTIONS, READING_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `gate serve`: serve a model, or an inference endpoint, to the token's owner and to accounts with a usage grant. */
export const GATE_SERVE: Verb = {
  name: "gate serve",
  summary: "serve a model, or an inference endpoint, to who owns its token, or has a usage grant or a licence",
  positionals: ["modelPath"],
  chain: "read",
  options: [
    "tokenId",
    "upstream",
    "upstreamAuthorization",
    "publicUrl",
    "serveHost",
    "servePort",
    "sessionSeconds",
    "accessSeconds",
    "requestsPerMinute",
    "maxBodyMib",
    "access",
    "market",
    "receipts",
    "mintFrom",
    "keystorePath",
    "keystorePasswordFile",
    "auditLog",
    "trustedProxies",
    "ignorePaths",
    "hfCache",
    "storePath",
    ...NAMING_OPTIONS,
    ...READING_OPTIONS,
  ],
  examples: [
    `./my-model ${AT}`,
    "./my-model --public-url https://models.example --port 8080 --audit-log /var/log/gate.jsonl",
    "--token 0x2d6b… --upstream http://127.0.0.1:8000/v1 --public-url https://models.example",
    "--token 0x2d6b… --upstream http://127.0.0.1:8000/v1 --access registry,market --receipts --keystore key.json",
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/gate-serve.ts")).runGateServe(options, connect, terminal),
};
