import { DOCTOR_OPTIONS } from "../doctor-options.ts";
import type { Verb } from "./verb.ts";

/** The set-up itself. */
export const SETUP_VERBS: readonly Verb[] = [
  {
    name: "doctor",
    summary: "look at Node.js, variables, nodes, registries, account, stores and gateways, and say what to repair",
    positionals: [],
    options: DOCTOR_OPTIONS,
    lenient: true,
    examples: [
      "--contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545",
      "--registries registries.yaml --json",
    ],
    run: async (options, terminal) => {
      const { connectJsonRpc } = await import("../json-rpc-connection.ts");
      return (await import("../commands/doctor.ts")).runDoctor(options, async () => connectJsonRpc(options), terminal);
    },
  },
  {
    name: "completion",
    summary: "print the completion of a shell: bash, zsh or fish",
    positionals: ["shell"],
    options: [],
    examples: [
      "bash > ~/.local/share/bash-completion/completions/model-provenance",
      "zsh > ~/.model-provenance.zsh    # and source it in ~/.zshrc",
      "fish > ~/.config/fish/completions/model-provenance.fish",
    ],
    run: async (options, terminal) => (await import("../commands/completion.ts")).runCompletion(options, terminal),
  },
];
