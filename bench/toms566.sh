# Part of run.sh: the 18 problems of Algorithm 566, from all starts of MINPACK's um.data,
# against liblbfgs, GSL and NLopt; the rule is in toms566.awk.  Writes toms566.csv,
# toms566-profile.csv and, with gnuplot, toms566-profile.svg beside the programs.

echo "== Algorithm 566, 18 problems from 43 starts: evaluations to the least value known"
contend() { # program, its library for the linker, its Debian package
    if [ -n "$2" ] && ! { "${CC:-cc}" -std=gnu11 -O2 -I"$source/../include" \
        -I"$source/../src" -c -o "$work/$1.o" "$source/$1.c" &&
        "$programs/../libtool" --silent --tag=CC --mode=link "${CC:-cc}" -static \
            -o "$work/$1" "$work/$1.o" "$programs/../libgradus.la" "$2" -lm; } \
        2>"$work/compiler"; then
        echo "${1#toms566_}: not found (Debian: apt-get install $3)"
        return
    fi
    program=$programs/$1
    if [ -n "$2" ]; then program=$work/$1; fi
    "$program" >>"$work/toms566" || { echo "bench: ${1#toms566_} is not to be trusted" >&2; exit 1; }
}
contend toms566_gradus "" ""
contend toms566_liblbfgs -llbfgs liblbfgs-dev
contend toms566_gsl -lgsl libgsl-dev
contend toms566_nlopt -lnlopt libnlopt-dev
awk -v profile="$programs/toms566-profile.csv" -f "$source/toms566.awk" "$work/toms566" \
    >"$programs/toms566.csv"
# Solved, also from the standard starts alone, as NLopt gives up after 12 evaluations where the
# gradient at the start is large (its issue 40); the geometric mean of the evaluations over the cases that all solve; the share of
# cases in which nobody is better.
awk -F, 'NR == 1 { for (i = 4; i <= NF; i++) name[i] = $i; columns = NF; next }
    {
        cases++; all = 1; least = 0
        for (i = 4; i <= columns; i++) {
            if ($i == "") { all = 0; continue }
            solved[i]++
            if ($2 == 1) standard[i]++
            if (least == 0 || $i < least) least = $i
        }
        for (i = 4; i <= columns; i++) if ($i != "" && $i == least) best[i]++
        if (all) { common++; for (i = 4; i <= columns; i++) sum[i] += log($i) }
    }
    END {
        for (i = 4; i <= columns; i++)
            printf "%-20s solved %d of %d (%d of the 18 standard starts), first in %d; %.1f " \
                "evaluations on the %d that all solve\n", name[i], solved[i], cases,
                standard[i], best[i], common ? exp(sum[i] / common) : 0, common
    }' "$programs/toms566.csv"
if "${GNUPLOT:-gnuplot}" - <<END 2>"$work/gnuplot"
set terminal svg noenhanced size 640,420 font 'sans-serif,13'
set output '$programs/toms566-profile.svg'
set datafile separator ','
set logscale x 2
set xrange [1:16]
set yrange [0:1]
set key bottom right
set grid
set xlabel 'evaluations, as a multiple of the best contender''s'
set ylabel 'share of the 43 cases solved'
plot for [i=2:*] '$programs/toms566-profile.csv' using 1:i with steps linewidth 2 title columnheader(i)
END
then
    echo "Performance profile: $programs/toms566-profile.svg"
else
    echo "gnuplot: not found or failed; the profile is in $programs/toms566-profile.csv"
fi
