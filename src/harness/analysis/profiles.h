/* Profiles over the varied values of a study and its seeds, each pair of which is a problem.

   With f_0 the training value at the start and f_L the minimum that the study names, or else
   the lowest value that any method measured on the problem, a method has solved it to the
   tolerance T where its value is at most f_L + T (f_0 - f_L) (More and Wild, SIAM J. Optim.
   20(1), 2009).  The performance profile is the share of problems that a method solves at no
   more than a given multiple of the least cost of any method (Dolan and More, Math. Program.
   91, 2002); the data profile, the share that it solves at a given cost, in passes over the
   data.  Not solved is infinite.  The former depends on what methods are compared (Gould and
   Scott, ACM Trans. Math. Softw. 43(2), 2016), and so does the latter when no minimum is
   named.  A problem on which runs are missing is left out.

   profiles.csv has a line for every tolerance, problem and method, with the columns
   tolerance, varied, seed, start, reference, which is f_L, target, label, updates, passes,
   cpu_seconds ("inf": not solved), updates_ratio, passes_ratio, cpu_seconds_ratio (cost over
   the least).  */

#ifndef GRADUS_HARNESS_ANALYSIS_PROFILES_H
#define GRADUS_HARNESS_ANALYSIS_PROFILES_H

#include "harness/analysis/findings.h"

typedef struct gradus_instance {
    size_t variant;
    json_int_t seed;
    double start, reference; /* f_0, f_L */
    bool below;              /* a method measured less than the minimum that is named */
} gradus_instance;

typedef struct gradus_profiles {
    const gradus_results *results;
    size_t tolerances, instances, left_out;
    double *tolerance;
    gradus_instance *instance;
    double *cost; /* for every tolerance, instance, axis of gradus_axes and method */
} gradus_profiles;

/* Nothing when the study asks for no profiles.  */
gradus_err gradus_profiles_open(gradus_profiles *profiles, const gradus_results *results,
                                gradus_error *why);
void gradus_profiles_close(gradus_profiles *profiles);

double gradus_profiles_cost(const gradus_profiles *profiles, size_t tolerance,
                            size_t instance, size_t axis, size_t method);
/* Over the least cost of any method; infinite when not solved.  */
double gradus_profiles_ratio(const gradus_profiles *profiles, size_t tolerance,
                             size_t instance, size_t axis, size_t method);

gradus_err gradus_profiles_write(const gradus_profiles *profiles, const char *folder,
                                 gradus_error *why);

#endif
