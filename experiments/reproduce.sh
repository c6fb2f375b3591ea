#!/bin/sh
# Races the studies of the claims and collects their verdicts.
#
#   reproduce.sh quick|full GRADUS RESULTS PAGE.md
#
# All studies c*.yaml are raced; `quick` leaves out c*-full.yaml, which take long, and beside
# which there may be a smaller one.  What is finished is not raced again: after a change remove
# RESULTS.  A study that cannot be raced is told of, the others go on, and the exit status is 1.
# THREADS, or as many as there are processors, are used; the results do not depend on it.
set -u
size=$1 gradus=$2 results=$3 page=$4
experiments=$(dirname "$0") threads=${THREADS:-$(nproc)}
case $size in
quick) left_out='*-full' ;;
full) left_out= ;;
*)
    echo "$0: expected quick or full, not '$size'" >&2
    exit 2
    ;;
esac
# After the race has ended as its own handler says.
trap 'exit 130' INT
trap 'exit 143' TERM
failed=0
for study in "$experiments"/c[0-9]*.yaml; do
    name=$(basename "$study" .yaml)
    case $name in
    $left_out) continue ;;
    esac
    if "$gradus" race "$study" --output "$results/$name" --threads "$threads" --resume \
        --quiet; then
        "$gradus" verdicts "$results/$name"
    else
        echo "$name: could not be raced" >&2
        failed=1
    fi
done
"$gradus" verdicts "$results" --claims "$experiments/claims.json" --output "$page" \
    >"$results/verdicts.txt" || exit 1
grep -e ' has no study: ' -e ' is open: ' "$results/verdicts.txt"
echo "written: $page"
exit $failed
