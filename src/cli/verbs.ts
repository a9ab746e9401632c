import type { ExitCode } from "./exit-codes.ts";
import type { OptionName, OptionValues } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** A verb of the command line: what it takes, and how to load what does it. */
export interface Verb {
  /** As it is typed: one word or two. */
  readonly name: string;
  readonly summary: string;
  /** Options given by their place. */
  readonly positionals: readonly OptionName[];
  readonly options: readonly OptionName[];
  /** Arguments of example calls. */
  readonly examples: readonly string[];
  /** Loaded only when the verb is used. */
  readonly run: (options: OptionValues<OptionName>, terminal: Terminal) => Promise<ExitCode>;
}

/** All verbs, in the order of the help. */
export const VERBS: readonly Verb[] = [
  {
    name: "hash",
    summary: "compute the digests of a model; nothing is sent anywhere",
    positionals: ["modelPath"],
    options: ["ignorePaths", "withCid", "cachePath", "hfCache", "lfsPointers", "format"],
    examples: [
      "./my-model",
      "./my-model --cid --json",
      "./my-model --cache ~/.cache/model-hashes.json",
      "weights.gguf",
    ],
    run: async (options, terminal) => (await import("./commands/hash.ts")).runHash(options, terminal),
  },
  {
    name: "verify",
    summary: "ask the chain who recorded exactly these files; the exit code is the verdict",
    positionals: ["modelPath"],
    options: [
      "tokenId",
      "registryAddress",
      "chainId",
      "rpcUrl",
      "ignorePaths",
      "only",
      "exportProof",
      "proofFile",
      "manifestRoot",
      "fast",
      "cachePath",
      "trustCache",
      "hfCache",
      "lfsPointers",
      "storePath",
      "format",
    ],
    examples: [
      "./my-model --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545",
      "./my-model --token 0x2d6b… --json",
      "./my-model --token 0x2d6b… --only model-00003-of-00030.safetensors",
      "./my-model --token 0x2d6b… --fast",
    ],
    run: async (options, terminal) => {
      const { connectJsonRpc } = await import("./json-rpc-connection.ts");
      const { runVerify } = await import("./commands/verify.ts");
      return runVerify(options, async () => connectJsonRpc(options), terminal);
    },
  },
  {
    name: "lineage",
    summary: "compare a model with the one it came from, tensor by tensor",
    positionals: ["childPath", "parentPath"],
    options: ["tensors", "format"],
    examples: ["--tensors ./my-fine-tune ./base-model", "--tensors ./adapter ./base-model --json"],
    run: async (options, terminal) => (await import("./commands/lineage-tensors.ts")).runLineage(options, terminal),
  },
  {
    name: "oms sign",
    summary: "sign a model in the format of OpenSSF Model Signing",
    positionals: ["modelPath"],
    options: ["privateKey", "signingCertificate", "certificateChain", "signature", "ignorePaths"],
    examples: ["./my-model --private-key key.pem --signature model.sig"],
    run: async (options, terminal) => (await import("./commands/oms-options.ts")).runSign(options, terminal),
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
    run: async (options, terminal) => (await import("./commands/oms-options.ts")).runVerify(options, terminal),
  },
];
