#!/usr/bin/env bash
# The whole chain, from nothing to the model folder: tokenizer, six stages of training, equalised export, scores. About
# 85 minutes on two cores. A stage whose checkpoint exists is not run again, so an interrupted chain goes on where it
# was.
#
# usage: train.sh WORK-FOLDER
#
# $PYTHON (python3 if unset) must have the packages of requirements.txt; $THREADS is 2 if unset.
set -euo pipefail
work=${1:?"usage: train.sh WORK-FOLDER"}
python=${PYTHON:-python3}
mkdir -p "$work"
work=$(cd "$work" && pwd)
cd "$(dirname "$0")"

tokenizer=$work/model/tokenizer.json
[ -f "$tokenizer" ] || "$python" tokenizer.py "$work/model"

previous=()
for stage in begin grow broad recall polish settle; do
  checkpoint=$work/$stage.pt
  if [ ! -f "$checkpoint" ]; then
    "$python" -u train.py "$stage" "$tokenizer" "$work/$stage.part" --threads "${THREADS:-2}" "${previous[@]}" \
      | tee "$work/$stage.log"
    mv "$work/$stage.part" "$checkpoint"
  fi
  previous=(--from "$checkpoint")
done

"$python" equalise.py "$work/settle.pt" "$tokenizer" "$work/model"
"$python" evaluate.py "$work/model" "$tokenizer" 20 | tee "$work/scores.log"
