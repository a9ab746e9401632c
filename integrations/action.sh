#!/usr/bin/env bash
# The step of the GitHub Action (action.yml). Inputs come as environment variables, those that `model-provenance verify`
# reads itself, and never as text of a script: whatever they hold is a value and nothing else.
#
#   MODEL_PROVENANCE_BIN  the command, where it is installed already; else it is built from the action's own checkout
set -uo pipefail

random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# A value of more than one line stands between marks that nobody can guess.
output() {
  local mark
  mark="mark_$(random)"
  printf '%s<<%s\n%s\n%s\n' "$1" "$mark" "$2" "$mark" >>"${GITHUB_OUTPUT:-/dev/null}"
}

escape_command() { sed -e 's/%/%25/g' -e 's/\r/%0D/g' | tr '\n' ' '; }
# Every sign that HTML or Markdown could read becomes an entity.
escape_markup() {
  LC_ALL=C awk -v signs='\\`*_{}[]()#+-.!|<>~@&' '
    BEGIN { for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i }
    { for (i = 1; i <= length($0); i++) { c = substr($0, i, 1); printf "%s", index(signs, c) ? "&#" code[c] ";" : c } }'
}

# Where there is no verdict, the outputs and the summary say why.
report_error() {
  output verdict error
  output exit-code "$1"
  output reason "$2"
  output token-id ""
  output creator ""
  output publisher ""
  printf '### COULD NOT CHECK\n\n| exit code | reason |\n| --- | --- |\n| %s | <code>%s</code> |\n' \
    "$1" "$(printf '%s' "$2" | tr '\r\n' '  ' | escape_markup)" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
  printf '::error title=COULD NOT CHECK::%s\n' "$(printf '%s' "$2" | escape_command)"
}

# What judges is this checkout, with the packages of its lock file: no registry of packages can put another in its place.
build_command() {
  local checkout
  checkout="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)" || return 1
  # Scripts of packages are not run: nothing that is needed has any.
  (cd "$checkout" && npm ci --silent --no-audit --no-fund --ignore-scripts && npm run --silent build) >&2 || return 1
  printf '%s' "$checkout/bin/model-provenance.js"
}

# Else the registry would be whichever the checkout names that is judged.
if [ -z "${LOCK_FILE:-}${MODEL_REGISTRIES:-}${MODEL_PROVENANCE_ADDRESS:-}" ]; then
  report_error 2 "Nothing says which registry to trust. Give contract, registries or lock."
  exit 2
fi

bin="${MODEL_PROVENANCE_BIN:-}"
if [ -z "$bin" ] && ! bin="$(build_command)"; then
  report_error 4 "The command could not be built from the checkout of the action."
  exit 4
fi

work="$(mktemp -d)" || exit 4
trap 'rm -rf "$work"' EXIT
: >"$work/output"
: >"$work/summary"

# What stands on stderr names files and may hold anything: until the mark comes, nothing in it is a command.
stop="stop_$(random)"
printf '::stop-commands::%s\n' "$stop"
{
  OUTPUT_FORMAT=github GITHUB_OUTPUT="$work/output" GITHUB_STEP_SUMMARY="$work/summary" NO_COLOR=1 \
    "$bin" verify 2>&1 >"$work/annotations" </dev/null
} | tee "$work/errors"
code="${PIPESTATUS[0]}"
printf '\n::%s::\n' "$stop"

if [ -s "$work/output" ]; then
  cat "$work/output" >>"${GITHUB_OUTPUT:-/dev/null}"
  cat "$work/summary" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
  cat "$work/annotations"
else
  # Success without a verdict is none.
  [ "$code" -ne 0 ] || code=4
  report_error "$code" "$(grep -v '^warning:' "$work/errors" | tail -n 1)"
fi
exit "$code"
