#!/usr/bin/env bash
# Audits a worker in a step of a workflow: prepares the broker, runs the audit, and ends with its exit
# code. The audit itself puts the verdict into the job's summary, and annotates what it convicts the
# worker of. Everything it is told is in the environment.
set -euo pipefail

# GitHub's own file, and where this step's results go.
results=$(mktemp -d "${RUNNER_TEMP:?}/ackproof-XXXXXX")
export ACKPROOF_DIR=$results

# The line after which GitHub takes no workflow commands from this step's output, until it sees the
# token again: an id or a broker's answer may look like one. The audit is told, for its annotations.
token=$(tr -d - </proc/sys/kernel/random/uuid)
export ACKPROOF_STOPPED_COMMANDS=$token

fail() {
  echo "::error title=ackproof::$1"
  summary "## ! SETUP: the audit could not be made" "" "$1"
  tell outcome setup
  exit 3
}

summary() {
  printf '%s\n' "$@" >>"$GITHUB_STEP_SUMMARY"
}

tell() {
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# Splits a text into the array `split`, as a shell does it with quotes, and expands nothing.
words() {
  local lines
  # The dot keeps an empty last word.
  lines=$(xargs -r printf '%s\n' <<<"$1" && echo .) || fail "There is a quote too many in: ${1//[$'\r\n']/ }"
  mapfile -t split < <(printf '%s' "${lines%.}")
}

node -e 'const [a, b] = process.versions.node.split(".").map(Number);
  process.exit(a > 22 || (a === 22 && b >= 18) ? 0 : 1)' ||
  fail "ackproof needs Node 22.18 or newer: put actions/setup-node before it, with node-version: 24."

if [[ -z $VERSION ]]; then
  root=$(cd "$GITHUB_ACTION_PATH/../../.." && pwd)
  npm ci --omit=dev --ignore-scripts --no-audit --no-fund --prefix "$root"
  ackproof=(node "$root/harness/cli/main.ts")
elif [[ $VERSION =~ ^[0-9A-Za-z.^~+-]+$ ]]; then
  ackproof=(npx --yes "ackproof@$VERSION")
else
  fail "The input version is a version such as 1.2.3, or a tag such as latest."
fi

# A series is an image here: what else could be prepared on a fresh machine?
if [[ $ACKPROOF_BROKER =~ ^[0-9]+(\.[0-9]+)*$ ]]; then
  export ACKPROOF_BROKER="rabbitmq:$ACKPROOF_BROKER"
fi
# A broker that is there already needs no engine.
if [[ $ACKPROOF_BROKER != *://* ]]; then
  RABBITMQ_IMAGE=${ACKPROOF_BROKER:-${RABBITMQ_IMAGE:-}} "${ackproof[@]}" setup ||
    fail "No broker could be prepared: the log of this step says why."
fi

split=()
words "$ARGS"
flags=("${split[@]}")
[[ -z $CONFIG ]] || flags+=(--config "$CONFIG")
words "$COMMAND"
command=("${split[@]}")
[[ ${#command[@]} -eq 0 ]] || command=(-- "${command[@]}")

echo "::stop-commands::$token"
code=0
"${ackproof[@]}" audit --json "$results/audit.json" --junit "$results/audit.xml" \
  --markdown "$results/audit.md" "${flags[@]}" "${command[@]}" || code=$?
printf '\n::%s::\n' "$token"

outcomes=(held broken inconclusive)
tell outcome "${outcomes[code]:-setup}"
if [[ -f $results/audit.md ]]; then
  tell json "$results/audit.json"
  tell junit "$results/audit.xml"
else
  summary "## ! SETUP: the audit could not be made" "" "The log of this step says why."
fi
if [[ -n $(ls -A "$results" 2>/dev/null) ]]; then
  artifact="ackproof-${GITHUB_JOB:-job}-${results##*-}"
  tell run "$results"
  tell artifact "$artifact"
  summary "The history and the logs are in the artifact <code>$artifact</code>." ""
fi
exit "$code"
