/* The manifest of a race: everything needed to say what was run, on what, and what came of
   it.  One JSON object in DIR/manifest.json:

     study       name of the study; safe as a file name
     question    text, or null
     text        the study file, verbatim
     text_crc32  its CRC-32, eight hexadecimal digits
     version     of Gradus
     threads     of every evaluation
     at_once     how many runs went on side by side
     problem     {name, spec, line, parameters {key: spelling}, dimension, examples}
     targets     [training values, in the study's order; null: the best of a method that
                 has not run yet]
     target_of   [for every target the label of that method, or null]
     baseline    label of the method that the others' speed-ups refer to
     minimum     that the study names; null when it names none or varies something
     budget      {key: spelling} of the study; a method may have one of its own
     methods     [{label, name, spec, parameters {key: spelling}, run {key: spelling}}],
                 `run` being the method's batch, budget, tolerances and measuring
     seeds       [integers]
     vary        null, or {key, variants: [{value, problem, targets, minimum, methods}]},
                 problem and methods as specifications; what stands above is then as at the
                 first value
     profiles    [tolerances]
     record      [names of what the trace has beside its usual columns]
     claims      [{id, that, check}]
     tuning      null, or what came of it; see tuning.h.  The methods are then as they were
                 tuned, once that is complete
     data        [for every varied value, or the one: the files that the problem read,
                 [{path, checksum}]]
     complete    whether every method has run with every seed
     cpu_seconds of all processes of the race, all included, but those that were killed
     runs        [the records of the finished runs, value by value, then seed by seed]; see
                 below
     contamination  the rule by which a run's timing is marked, as a sentence
     provenance  of the process that began the race; see provenance.h
     blas_check  what the quick check of BLAS and LAPACK found that the race, or the process
                 that went on with it last, began with: {core, cases, worst, function, shape},
                 the error that is worst in units of its bound, and where (blas_check.h)
     resumed     [provenance of those that went on with it]

   A manifest can be raced once more (repeat.h).

   A spelling is a text that reads back as the same bits; every parameter is listed, also
   those left at their defaults.  `spec` is what `gradus solve` takes.

   A record, also alone in DIR/runs/LABEL-SEED.json (LABEL-VALUE-SEED.json where a value
   varies), is the summary of a run (summary.h:
   status, reason, updates, passes, value, best_value, gradient_norm, test metrics,
   cpu_seconds, wall_seconds, ...; what does not apply or is not finite is null) and

     label, seed
     varied        the value at which it was made, as the study spells it, or null
     trace         "traces/LABEL-SEED.csv" and the like, relative to DIR
     trace_bytes   its size
     trace_crc32   CRC-32 of its numbers, without the columns that are times (trace.h)
     trajectory    "trajectories/LABEL-SEED.csv", the parameters after every update (or every
                   k-th of a long run) of a problem with two of them; null otherwise
     targets       for every target of the study {target, updates, passes, cpu_seconds,
                   wall_seconds} of the first row of the trace whose train_value is at most
                   the target; null when it was missed (alone in its file also when the
                   target is the best of a method)
     contaminated_by  why the timing is not to be trusted, or null
     started       UTC, 2024-01-31T23:59:59Z

   summary.csv has one line per run, in the order of `runs`, with the columns label, method,
   seed, status, reason, updates, passes, value, best_value, gradient_norm, test_value,
   test_accuracy, value_evaluations, gradient_evaluations, products, cpu_seconds,
   wall_seconds, threads, detail, contaminated (yes or no; with the times, the only column
   that is not repeatable), varied, and for the k-th target target_k, target_k_updates,
   target_k_passes, target_k_cpu_seconds, target_k_wall_seconds, the last four empty when it
   was missed.

   tuning/ has the traces and records of the trials of tuning, as a race's folder does, under
   labels LABEL@TRIAL; tuning.csv is their table.

   targets.csv is what was spent to the targets (targets.h).

   profiles.csv is the table of the profiles (profiles.h).

   basins/LABEL.csv is of a study with a grid of starts (basins.h).

   claims.json is the list of verdicts (claims.h).

   checkpoints/ is there while a race is not complete, with the HDF5 file LABEL-SEED.h5
   (checkpoint_file.h) of a run that was cut short; its note is record_note.c's.

   All files are written aside and renamed, so each is complete or absent.  */

#ifndef GRADUS_HARNESS_RECORD_MANIFEST_H
#define GRADUS_HARNESS_RECORD_MANIFEST_H

#include "gradus.h"
#include "harness/study/study.h"

#include <jansson.h>

/* A manifest without runs; NULL: no memory.  STUDY's problem is PROBLEM, open; DATA is as
   above.  */
json_t *gradus_manifest(const gradus_study *study, const gradus_problem *problem,
                        size_t at_once, json_t *data);

/* Notes STUDY's methods and targets anew.  0, or not when there is no memory.  */
int gradus_manifest_refresh(json_t *manifest, const gradus_study *study);

/* Reads FOLDER's, and refuses one that is not of this very study and version.  */
gradus_err gradus_manifest_load(json_t **out, const char *folder, const gradus_study *study,
                                gradus_error *why);

/* Notes that this process goes on, on PROBLEM, with the race; refuses other DATA.  */
gradus_err gradus_manifest_resume(json_t *manifest, const char *folder,
                                  const gradus_problem *problem, const json_t *data,
                                  gradus_error *why);

/* Puts the finished ones among COUNT records into the manifest (NULL: not finished).  0, or
   not when there is no memory.  */
int gradus_manifest_note_runs(json_t *manifest, json_t *const records[], size_t count);
/* The same, and writes it.  */
gradus_err gradus_manifest_write(json_t *manifest, json_t *const records[], size_t count,
                                 const char *folder, gradus_error *why);

#endif
