# The table of toms566.sh from the lines of toms566_case.h:
#
#   awk -v profile=FILE -f toms566.awk LINES >TABLE
#
# A case, a problem from a start, is solved at the first evaluation whose value is at most
#
#   m + 1e-8 (min(1, f0 - m) + |m|),
#
# m being the least value that any contender reached from there and f0 the value at the start
# (after More and Wild, SIAM J. Optim. 20(1), 2009, section 2; their rule is relative to f0 - m
# alone, which is 1e17 at some of these starts).  The profile is Dolan and More's (Math.
# Program. 91, 2002): the share of cases solved in at most t times the evaluations of the
# best.

BEGIN { FS = OFS = ","; tolerance = 1e-8 }

{
    case_ = $2 OFS $3
    if (!($1 in known)) { known[$1] = 1; contender[++contenders] = $1 }
    if (!(case_ in best)) { order[++cases] = case_; best[case_] = $5 + 0; first[case_] = $5 }
    if ($4 == 1 && $5 != first[case_]) {
        print "bench: " $1 " starts elsewhere on " case_ >"/dev/stderr"
        failed = 1
        exit 1
    }
    if ($5 + 0 < best[case_]) best[case_] = $5 + 0
    count[$1, case_]++
    evaluation[$1, case_, count[$1, case_]] = $4
    value[$1, case_, count[$1, case_]] = $5
}

# Evaluations until the case is solved; 0 when it is not.
function spent(who, which,   m, gap, i) {
    m = best[which]
    gap = first[which] - m
    gap = tolerance * ((gap < 1 ? gap : 1) + (m < 0 ? -m : m))
    for (i = 1; i <= count[who, which]; i++)
        if (value[who, which, i] - m <= gap)
            return evaluation[who, which, i]
    return 0
}

END {
    if (failed) exit 1
    line = "problem,factor,lowest"
    for (i = 1; i <= contenders; i++) line = line OFS contender[i]
    print line
    for (k = 1; k <= cases; k++) {
        least = 0
        line = order[k] OFS best[order[k]]
        for (i = 1; i <= contenders; i++) {
            used[i, k] = spent(contender[i], order[k])
            if (used[i, k] > 0 && (least == 0 || used[i, k] < least)) least = used[i, k]
            line = line OFS (used[i, k] ? used[i, k] : "")
        }
        for (i = 1; i <= contenders; i++)
            ratio[i, k] = used[i, k] ? used[i, k] / least : 0
        print line
    }
    line = "ratio"
    for (i = 1; i <= contenders; i++) line = line OFS contender[i]
    print line >profile
    for (step = 0; step <= 64; step++) {
        t = 2 ^ (step / 16)
        line = sprintf("%.6g", t)
        for (i = 1; i <= contenders; i++) {
            solved = 0
            for (k = 1; k <= cases; k++)
                if (ratio[i, k] > 0 && ratio[i, k] <= t * (1 + 1e-12)) solved++
            line = line OFS sprintf("%.6g", solved / cases)
        }
        print line >profile
    }
}
