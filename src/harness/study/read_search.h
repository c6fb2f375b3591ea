/* The settings that tuning tries: points of a grid or of Halton's sequence (Halton, Numer.
   Math. 2, 1960) over lists and ranges of a method's parameters.  */

#ifndef GRADUS_HARNESS_STUDY_READ_SEARCH_H
#define GRADUS_HARNESS_STUDY_READ_SEARCH_H

#include "harness/study/reader.h"

typedef struct gradus_tune_search_axis {
    const gradus_param *row;
    const yaml_node_t *node; /* a list of values, or where a range was asked for */
    size_t count;            /* of values, or of a range's points; 0: none were named */
    double low, high;        /* of a range */
    bool is_list;
} gradus_tune_search_axis;

typedef struct gradus_tune_search {
    const yaml_node_t *node;       /* `tune:` */
    gradus_tune_search_axis *axis; /* the last one varies fastest in a grid */
    size_t axes, trials;
    bool quasi_random;
    const char **others; /* keys of the method's map that are no parameters or are searched,
                            ended by NULL */
    void *sequence;      /* Halton's state; NULL in a grid */
    double *place;       /* of the last point, in (0, 1) */
} gradus_tune_search;

/* Reads `tune:` of MAP, a method of TYPE; OTHERS are the keys that are no parameters.  */
gradus_err gradus_tune_search_open(gradus_tune_search *search, gradus_study_reader *r,
                                   const yaml_node_t *map, const gradus_method_type *type,
                                   const char *const others[]);
/* Sets what trial TRIAL, counted from 0, has for every axis.  Trials are to be asked for one
   after the other.  */
gradus_err gradus_tune_search_set(gradus_tune_search *search, gradus_study_reader *r,
                                  size_t trial, gradus_settings *settings);
void gradus_tune_search_close(gradus_tune_search *search); /* accepts a half-opened one */

#endif
