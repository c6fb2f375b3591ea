/* What the parts of the study's reader share: where it is, and reading one value.  */

#ifndef GRADUS_HARNESS_STUDY_READER_H
#define GRADUS_HARNESS_STUDY_READER_H

#include "core/run.h"
#include "harness/io/document.h"
#include "harness/study/study.h"

typedef struct gradus_study_reader {
    gradus_document document;
    gradus_study *study;
    gradus_error *why;
    const gradus_variant *variant; /* the one that is read */
    const yaml_node_t *varied;     /* its value in `vary:`; NULL when nothing varies */
} gradus_study_reader;

gradus_err gradus_reader_no_memory(gradus_study_reader *r);
bool gradus_is_among(const char *const names[], const char *name);

/* ---- Maps ---- */

yaml_node_t *gradus_reader_find(const gradus_study_reader *r, const yaml_node_t *map,
                                const char *key);
/* The value of KEY, which MAP, called WHAT, must have.  */
gradus_err gradus_reader_required(gradus_study_reader *r, const yaml_node_t *map,
                                  const char *what, const char *key,
                                  const yaml_node_t **out);
/* "FILE:LINE: WHAT has no key 'KEY'", with the nearest of NAMES and the rows of TABLE.  */
gradus_err gradus_reader_unknown_key(gradus_study_reader *r, const yaml_node_t *key,
                                     const char *what, const char *const names[],
                                     const gradus_param *table);
/* MAP must be a map with keys among NAMES.  */
gradus_err gradus_reader_keys(gradus_study_reader *r, const yaml_node_t *map,
                              const char *what, const char *const names[]);

/* ---- Values ---- */

gradus_err gradus_reader_copy(gradus_study_reader *r, const yaml_node_t *node,
                              const char *what, char **out);

/* What a name that is part of a file's may be: letters, digits, '.', '_' and '-', not
   beginning with one that a shell or a program might take for something else, and leaving
   room for what else is in a file's name.  */
#define GRADUS_FILE_LETTERS                                                                \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
enum { GRADUS_LONGEST_NAME = 100 };
gradus_err gradus_reader_file_name(gradus_study_reader *r, const yaml_node_t *at,
                                   const char *what, const char *name);

/* ---- Settings ---- */

/* Sets KEY from NODE, and says where when it is refused.  A number may be an expression of
   the varied value, behind '='.  */
gradus_err gradus_reader_set(gradus_study_reader *r, gradus_settings *settings,
                             const char *key, const yaml_node_t *node);
/* Every pair of MAP whose key is not among OTHERS is a parameter; so is what is varied,
   where SCOPE ("problem", "methods") has it.  */
gradus_err gradus_reader_parameters(gradus_study_reader *r, const yaml_node_t *map,
                                    const char *scope, const char *const others[],
                                    gradus_settings *settings);
/* The name of what is varied, if it is in SCOPE; else NULL.  */
const char *gradus_reader_varied(const gradus_study_reader *r, const char *scope);
/* Refuses KEY, which may be NULL, when it is what is varied in SCOPE.  */
gradus_err gradus_reader_not_varied(gradus_study_reader *r, const yaml_node_t *key,
                                    const char *scope);
/* "name:key=value,...", with what was given and no defaults, commas and backslashes
   escaped.  NULL: no memory.  */
char *gradus_reader_spell(const char *name, const gradus_settings *settings);

/* ---- Parts of the study ---- */

/* The most methods, and the most trials of tuning, over all varied values.  */
enum { GRADUS_MOST_ENTRANTS = 10000 };

/* `vary:`, which makes the variants; one when nothing varies.  */
gradus_err gradus_reader_vary(gradus_study_reader *r, const yaml_node_t *root);
/* Where the value of variant INDEX stands; NULL when nothing varies.  */
const yaml_node_t *gradus_reader_varied_value(const gradus_study_reader *r,
                                              const yaml_node_t *root, size_t index);
/* `problem:`, of a variant; the second, where it is the varied value, a specification.  */
gradus_err gradus_reader_problem(gradus_study_reader *r, const yaml_node_t *root,
                                 gradus_variant *variant);
gradus_err gradus_reader_varied_problem(gradus_study_reader *r, const yaml_node_t *root,
                                        gradus_variant *variant);
/* "vary: WHAT key '...'", where what is varied is none of TABLE.  */
gradus_err gradus_reader_unknown_varied(gradus_study_reader *r, const char *what,
                                        const gradus_param *table);
/* Refuses labels and values that together name the same files.  */
gradus_err gradus_reader_files(gradus_study_reader *r);
/* `target:`, or `minimum:` and `gap:`, at the varied value that is read.  */
gradus_err gradus_reader_targets(gradus_study_reader *r, const yaml_node_t *root,
                                 gradus_variant *variant);
/* The methods that `target:` and `baseline:` name, when all are read.  */
gradus_err gradus_reader_references(gradus_study_reader *r, const yaml_node_t *root);
/* `seeds:` of MAP, into STUDY.  */
gradus_err gradus_reader_seeds(gradus_study_reader *r, const yaml_node_t *map,
                               gradus_study *study);
/* What the study says of every run, or what OWN, a method's map, says instead.  BUDGET, or
   else a budget of its own, replaces the study's as a whole.  */
gradus_err gradus_reader_run(gradus_study_reader *r, const yaml_node_t *root,
                             const yaml_node_t *own, const yaml_node_t *budget,
                             gradus_settings *settings);
/* Whether SETTINGS limit a run.  */
bool gradus_reader_has_budget(const gradus_settings *settings);
/* `methods:` at variant number VARIANT, and one of them: the map of a method, whose label gets
   ENDING (that of the untuned form of a tuned method).  */
gradus_err gradus_reader_methods(gradus_study_reader *r, const yaml_node_t *root,
                                 size_t variant);
gradus_err gradus_reader_entrant(gradus_study_reader *r, const yaml_node_t *root,
                                 const yaml_node_t *map, const char *ending,
                                 gradus_entrant *entrant);
/* Of a method, beside its own parameters.  */
extern const char *const gradus_reader_entrant_keys[];
struct gradus_tune_search;
/* The method of MAP; unless SEARCH is NULL, as it is in that trial.  */
gradus_err gradus_reader_method(gradus_study_reader *r, const yaml_node_t *map,
                                struct gradus_tune_search *search, size_t trial,
                                gradus_entrant *entrant);
/* `tuning:`, before the methods; then how many entrants the methods in LIST are, and the
   trials of tuned method number WHICH, the entrant at POSITION.  */
gradus_err gradus_reader_tuning(gradus_study_reader *r, const yaml_node_t *root);
size_t gradus_reader_entrants(const gradus_study_reader *r, const yaml_node_t *root,
                              const yaml_node_t *list);
gradus_err gradus_reader_tune(gradus_study_reader *r, const yaml_node_t *root,
                              const yaml_node_t *map, size_t position, size_t which);
gradus_err gradus_reader_starts(gradus_study_reader *r, const yaml_node_t *root);
gradus_err gradus_reader_record(gradus_study_reader *r, const yaml_node_t *root);
gradus_err gradus_reader_profiles(gradus_study_reader *r, const yaml_node_t *root);
gradus_err gradus_reader_claims(gradus_study_reader *r, const yaml_node_t *root);

#endif
