#!/usr/bin/env bash
# Measures on several hosts at once, over ssh, and puts the runs together here.
#
#   ssh.sh [--same] HOST… [-- FLAGS of run]
#
#   --same            every host measures all cases, and ratios are averaged; else each measures a share
#   LOOPDYNO_FOLDER   the project on each host: the same commit, with its packages installed (default: project)
set -euo pipefail

same=no
if [[ ${1:-} == --same ]]; then
  same=yes
  shift
fi
hosts=()
while (($#)) && [[ $1 != -- ]]; do
  hosts+=("$1")
  shift
done
if [[ ${1:-} == -- ]]; then shift; fi
if ((${#hosts[@]} == 0)); then
  echo 'ssh.sh [--same] HOST… [-- FLAGS of run]: name at least one host' >&2
  exit 2
fi

runs=$(mktemp -d)
folder=$(printf '%q' "${LOOPDYNO_FOLDER:-project}")
flags=''
for flag in "$@"; do flags+=" $(printf '%q' "$flag")"; done

pids=()
# What has begun on a host goes on there until its budget is spent.
trap 'kill "${pids[@]}" 2>/dev/null || true' EXIT
for at in "${!hosts[@]}"; do
  run="$runs/run-$((at + 1))"
  share=''
  if [[ $same == no ]]; then share=" --shard $((at + 1))/${#hosts[@]}"; fi
  # Results in a folder of the system: one in the project would be an uncommitted change.
  command="cd $folder && npx loopdyno run$flags$share --json --results /tmp/loopdyno"
  ssh -n "${hosts[at]}" "$command" >"$run.json" 2>"$run.log" &
  pids+=($!)
done

failed=0
for at in "${!hosts[@]}"; do
  code=0
  wait "${pids[at]}" || code=$?
  if ((code <= 1)); then continue; fi # 1: a cell failed, which is part of the results
  failed=3
  echo "${hosts[at]} ended with status $code:" >&2
  tail -n 5 "$runs/run-$((at + 1)).log" >&2
done
if ((failed)); then
  echo "What the others measured lies in $runs" >&2
  exit "$failed"
fi
npx loopdyno merge "$runs"/run-*.json
