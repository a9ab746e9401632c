import type { Verb } from "../verb.ts";

/** `completion`: print the completion of a shell: bash, zsh or fish. */
export const COMPLETION: Verb = {
  name: "completion",
  summary: "print the completion of a shell: bash, zsh or fish",
  positionals: ["shell"],
  options: [],
  formats: [],
  examples: [
    "bash > ~/.local/share/bash-completion/completions/model-provenance",
    "zsh > ~/.model-provenance.zsh    # and source it in ~/.zshrc",
    "fish > ~/.config/fish/completions/model-provenance.fish",
  ],
  run: async (options, { terminal }) => (await import("../run/completion.ts")).runCompletion(options, terminal),
};
