#!/bin/sh
# The entry of the init container (Containerfile): verifies the model that is mounted at MODEL_PATH, and ends with the exit
# code of `model-provenance verify`. All options are environment variables (.env.example); arguments are flags.
set -eu

MODEL_PATH="${MODEL_PATH:-/model}"
export MODEL_PATH

if [ "$(id -u)" = 0 ]; then
  echo "error: the gate does not run as root: set runAsNonRoot, or run it with --user 65532" >&2
  exit 2
fi
if [ -z "${LOCK_FILE:-}${MODEL_REGISTRIES:-}${MODEL_PROVENANCE_ADDRESS:-}" ]; then
  case " $* " in
    *" --lock"*|*" --registries"*|*" --contract"*) ;;
    *)
      echo "error: nothing says which registry to trust: set LOCK_FILE, MODEL_REGISTRIES or MODEL_PROVENANCE_ADDRESS" >&2
      exit 2
      ;;
  esac
fi
if [ ! -e "$MODEL_PATH" ]; then
  echo "error: there is nothing at $MODEL_PATH: mount the model there, or set MODEL_PATH" >&2
  exit 2
fi
if [ -w "$MODEL_PATH" ]; then
  echo "error: $MODEL_PATH can be written: what is verified now could be another model later. Mount it read-only" >&2
  exit 2
fi

exec "${MODEL_PROVENANCE_BIN:-model-provenance}" verify "$@"
