/* Tuning: before a race, the methods that have `tune:` are tried with settings of a grid or
   of a quasi-random sequence, as often the one as the other, and race with the best.

   The trials are the methods of a study of their own, LABEL@1, LABEL@2, ..., which is run
   in DIR/tuning as a race is, and is resumed like one.  A setting's score is the median over
   the seeds of what `select` names, at the end of the budget; a run that diverged counts as
   infinite.  The setting with the lowest score is selected, the first of equals; when every
   score is infinite, the method races as it stands in the study.

   The manifest's `tuning`, null when nothing is tuned:

     rule          how the settings were selected, as a sentence
     select        training_value, best_value or validation_value
     trials        of each method
     seeds         [of every trial]
     budget        {key: spelling} of every trial; empty: that of the method
     complete      whether all trials have been made
     cpu_seconds   of all trials
     methods       [{label, untuned: label or null, search, keys: [{name, log}]}]
     trials_made   [{label, varied, trial, parameters {key: spelling}, spec, runs, diverged,
                   score (null: infinite), values [seed by seed; null: infinite],
                   cpu_seconds, wall_seconds, selected}]

   tuning.csv has a line for every trial (tuning_table.c).  */

#ifndef GRADUS_HARNESS_RECORD_TUNING_H
#define GRADUS_HARNESS_RECORD_TUNING_H

#include "harness/study/study.h"

#include <jansson.h>
#include <stdio.h>

/* What the trials' RECORDS (NULL: not finished), trial by trial in the order of the trials'
   study, tell: *OUT is the manifest's `tuning`.  */
gradus_err gradus_tuning_judge(json_t **out, const gradus_study *study,
                               json_t *const records[], gradus_error *why);
/* Gives STUDY's tuned methods the settings that PART, of gradus_tuning_judge and complete,
   selects.  */
gradus_err gradus_tuning_apply(gradus_study *study, const json_t *part, gradus_error *why);

/* Writes FOLDER/tuning.csv from a manifest's `tuning`; nothing when that is null.  */
gradus_err gradus_tuning_write(const json_t *part, const char *folder, gradus_error *why);

/* A line for every setting that was selected.  */
void gradus_tuning_print(FILE *file, const json_t *part);

#endif
