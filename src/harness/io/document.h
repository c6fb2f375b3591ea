/* A YAML file whose every node knows its line, so that every complaint names it.  */

#ifndef GRADUS_HARNESS_IO_DOCUMENT_H
#define GRADUS_HARNESS_IO_DOCUMENT_H

#include "gradus.h"

#include <yaml.h>

typedef struct gradus_document {
    const char *path; /* as the user gave it, for messages; borrowed */
    char *text;       /* the file, verbatim, NUL-terminated */
    size_t length;
    yaml_document_t yaml;
    bool loaded; /* YAML is there to be deleted */
} gradus_document;

/* Reads PATH: one YAML document in UTF-8 whose root is a map.  */
gradus_err gradus_document_open(gradus_document *document, const char *path,
                                gradus_error *why);
/* The same from TEXT; PATH is for messages only.  */
gradus_err gradus_document_open_text(gradus_document *document, const char *path,
                                     const char *text, gradus_error *why);
void gradus_document_close(gradus_document *document); /* accepts a half-opened one */

/* GRADUS_EINPUT and "PATH:LINE: " followed by the sentence.  */
gradus_err gradus_document_fail(const gradus_document *document, const yaml_node_t *at,
                                gradus_error *why, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

size_t gradus_node_line(const yaml_node_t *node); /* from 1 */

yaml_node_t *gradus_document_node(const gradus_document *document, int index);
yaml_node_t *gradus_document_root(const gradus_document *document);

/* NODE, named WHAT in messages, must be a map whose keys are texts, none of them twice.  */
gradus_err gradus_document_map(const gradus_document *document, const yaml_node_t *node,
                               const char *what, gradus_error *why);
/* NODE must be a list with at least one item.  */
gradus_err gradus_document_list(const gradus_document *document, const yaml_node_t *node,
                                const char *what, gradus_error *why);
/* NODE must be a scalar, which *OUT then borrows.  */
gradus_err gradus_document_text(const gradus_document *document, const yaml_node_t *node,
                                const char *what, const char **out, gradus_error *why);

/* In a map: the value of KEY, or NULL.  */
yaml_node_t *gradus_document_find(const gradus_document *document, const yaml_node_t *map,
                                  const char *key);

static inline size_t gradus_list_count(const yaml_node_t *list) {
    return (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
}
static inline size_t gradus_map_count(const yaml_node_t *map) {
    return (size_t)(map->data.mapping.pairs.top - map->data.mapping.pairs.start);
}
yaml_node_t *gradus_list_item(const gradus_document *document, const yaml_node_t *list,
                              size_t index);
/* Key and value of pair INDEX of a map that gradus_document_map accepted.  */
yaml_node_t *gradus_map_key(const gradus_document *document, const yaml_node_t *map,
                            size_t index);
yaml_node_t *gradus_map_value(const gradus_document *document, const yaml_node_t *map,
                              size_t index);
/* Of a scalar that was accepted as a key or a text.  */
const char *gradus_node_text(const yaml_node_t *scalar);

#endif
