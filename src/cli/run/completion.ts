import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import type { Shell } from "../options/setup.ts";
import type { Terminal } from "../terminal.ts";

const BASH = `_model_provenance() {
  local current="\${COMP_WORDS[COMP_CWORD]}" word
  COMPREPLY=()
  while IFS= read -r word; do
    case "$word" in
      "") ;;
      -) COMPREPLY+=($(compgen -f -- "$current")) ;;
      *) COMPREPLY+=("$word") ;;
    esac
  done < <(model-provenance __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o filenames -F _model_provenance model-provenance`;

// The command itself says what may come: the scripts know no verb and no option, and do not grow old.
const SCRIPTS: Record<Shell, string> = {
  bash: BASH,
  // zsh reads bash's, through a bridge of its own.
  zsh: `autoload -U +X compinit bashcompinit && compinit -u && bashcompinit\n${BASH}`,
  fish: `function __model_provenance_complete
  set -l words (commandline -opc)[2..] (commandline -ct)
  for word in (model-provenance __complete $words 2>/dev/null)
    if test "$word" = -
      __fish_complete_path (commandline -ct)
    else
      echo $word
    end
  end
end
complete -c model-provenance -f -a '(__model_provenance_complete)'`,
};

/** Prints what a shell reads to complete verbs and options. */
export async function runCompletion(options: OptionValues<"shell">, terminal: Terminal): Promise<ExitCode> {
  terminal.print(SCRIPTS[required(options, "shell")]);
  return Promise.resolve(EXIT.done);
}
