import type { Verb } from "./verb.ts";

/** Signatures of OpenSSF Model Signing. */
export const OMS_VERBS: readonly Verb[] = [
  {
    name: "oms sign",
    summary: "sign a model in the format of OpenSSF Model Signing",
    positionals: ["modelPath"],
    options: ["privateKey", "privateKeyPassword", "signingCertificate", "certificateChain", "signature", "ignorePaths"],
    examples: ["./my-model --private-key key.pem --signature model.sig"],
    run: async (options, terminal) => (await import("../commands/oms-options.ts")).runSign(options, terminal),
  },
  {
    name: "oms verify",
    summary: "verify a model against an OpenSSF Model Signing bundle",
    positionals: ["modelPath"],
    options: [
      "signature",
      "publicKey",
      "certificateChain",
      "trustedRoot",
      "identity",
      "identityProvider",
      "ignorePaths",
      "ignoreUnsignedFiles",
      "allowSymlinks",
    ],
    examples: [
      "./my-model --signature model.sig --public-key key.pub",
      "./my-model --signature model.sig --trusted-root root.json --identity me@example.org --identity-provider https://accounts.example.org",
    ],
    run: async (options, terminal) => (await import("../commands/oms-options.ts")).runVerify(options, terminal),
  },
];
