import { required } from "../options.ts";
import type { Verb } from "../verb.ts";

/** `oms sign`: sign a model in the format of OpenSSF Model Signing. */
export const OMS_SIGN: Verb = {
  name: "oms sign",
  summary: "sign a model in the format of OpenSSF Model Signing",
  positionals: ["modelPath"],
  options: [
    "privateKey",
    "privateKeyPassword",
    "signingCertificate",
    "certificateChain",
    "signature",
    "outputPath",
    "ignorePaths",
  ],
  examples: ["./my-model --private-key key.pem --out model.sig"],
  run: async (options, { terminal }) => {
    const given = {
      modelPath: required(options, "modelPath"),
      privateKey: required(options, "privateKey"),
      signature: options.outputPath ?? required(options, "signature"),
    };
    return (await import("../run/oms.ts")).runOmsSign({ ...options, ...given }, terminal);
  },
};
