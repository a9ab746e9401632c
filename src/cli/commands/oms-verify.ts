import { required } from "../options.ts";
import type { Verb } from "../verb.ts";

/** `oms verify`: verify a model against an OpenSSF Model Signing bundle. */
export const OMS_VERIFY: Verb = {
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
  run: async (options, { terminal }) => {
    const given = { modelPath: required(options, "modelPath"), signature: required(options, "signature") };
    return (await import("../run/oms.ts")).runOmsVerify({ ...options, ...given }, terminal);
  },
};
