/* Reading YAML with libyaml's document interface, and complaining about it by line.  */

#include "harness/io/document.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A study is written by hand; a file beyond this is something else.  Items are compared with
   each other, and texts are copied wherever an alias or a varied value repeats them.  */
enum { LARGEST_FILE = 1 << 20, MOST_ITEMS = 10000, LONGEST_TEXT = 1 << 14 };

static gradus_err read_file(gradus_document *document, gradus_error *why) {
    FILE *file = fopen(document->path, "rb");
    if (!file)
        return gradus_fail(why, GRADUS_EINPUT, "%s: cannot be read: %s", document->path,
                           strerror(errno));
    document->text = GRADUS_NEW(LARGEST_FILE + 1, char);
    if (!document->text) {
        fclose(file);
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", document->path);
    }
    document->length = fread(document->text, 1, LARGEST_FILE + 1, file);
    bool failed = ferror(file) != 0;
    int reason = errno;
    fclose(file);
    if (failed)
        return gradus_fail(why, GRADUS_EINPUT, "%s: cannot be read: %s", document->path,
                           strerror(reason));
    if (document->length > LARGEST_FILE)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: expected a study of at most %d bytes, and it is longer",
                           document->path, LARGEST_FILE);
    return GRADUS_OK;
}

/* The line, from 1, of byte OFFSET.  */
static size_t line_of(const gradus_document *document, size_t offset) {
    size_t line = 1;
    for (size_t i = 0; i < offset && i < document->length; i++)
        line += document->text[i] == '\n';
    return line;
}

static gradus_err not_yaml(const gradus_document *document, const yaml_parser_t *parser,
                           gradus_error *why) {
    if (parser->error == YAML_MEMORY_ERROR)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", document->path);
    size_t line = parser->error == YAML_READER_ERROR
                      ? line_of(document, parser->problem_offset)
                      : parser->problem_mark.line + 1;
    return gradus_fail(why, GRADUS_EINPUT, "%s:%zu: not YAML: %s", document->path, line,
                       parser->problem ? parser->problem : "it cannot be parsed");
}

/* Whether a second document follows.  */
static gradus_err expect_end(const gradus_document *document, yaml_parser_t *parser,
                             gradus_error *why) {
    yaml_document_t next;
    if (!yaml_parser_load(parser, &next))
        return not_yaml(document, parser, why);
    const yaml_node_t *root = yaml_document_get_root_node(&next);
    gradus_err err =
        root ? gradus_document_fail(document, root, why,
                                    "a second document begins here; expected one study "
                                    "to a file")
             : GRADUS_OK;
    yaml_document_delete(&next);
    return err;
}

static gradus_err parse(gradus_document *document, yaml_parser_t *parser,
                        gradus_error *why) {
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, (const unsigned char *)document->text,
                                 document->length);
    if (!yaml_parser_load(parser, &document->yaml))
        return not_yaml(document, parser, why);
    document->loaded = true;
    if (!gradus_document_root(document))
        return gradus_fail(why, GRADUS_EINPUT, "%s: the file holds no study",
                           document->path);
    gradus_err err = expect_end(document, parser, why);
    if (!err)
        err = gradus_document_map(document, gradus_document_root(document), "a study", why);
    return err;
}

/* What has been read.  */
static gradus_err open_read(gradus_document *document, gradus_error *why) {
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", document->path);
    gradus_err err = parse(document, &parser, why);
    yaml_parser_delete(&parser);
    return err;
}

gradus_err gradus_document_open(gradus_document *document, const char *path,
                                gradus_error *why) {
    *document = (gradus_document){.path = path};
    gradus_err err = read_file(document, why);
    return err ? err : open_read(document, why);
}

gradus_err gradus_document_open_text(gradus_document *document, const char *path,
                                     const char *text, gradus_error *why) {
    *document = (gradus_document){
        .path = path, .text = gradus_text_copy(text), .length = strlen(text)};
    if (!document->text)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    return open_read(document, why);
}

void gradus_document_close(gradus_document *document) {
    if (document->loaded)
        yaml_document_delete(&document->yaml);
    gradus_free(document->text);
    *document = (gradus_document){0};
}

gradus_err gradus_document_fail(const gradus_document *document, const yaml_node_t *at,
                                gradus_error *why, const char *format, ...) {
    char sentence[sizeof why->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return gradus_fail(why, GRADUS_EINPUT, "%s:%zu: %s", document->path,
                       gradus_node_line(at), sentence);
}

size_t gradus_node_line(const yaml_node_t *node) { return node->start_mark.line + 1; }

/* libyaml's functions take documents that are not const, and leave them alone.  */
yaml_node_t *gradus_document_node(const gradus_document *document, int index) {
    return yaml_document_get_node((yaml_document_t *)&document->yaml, index);
}

yaml_node_t *gradus_document_root(const gradus_document *document) {
    return yaml_document_get_root_node((yaml_document_t *)&document->yaml);
}

static const char *name_of(yaml_node_type_t type) {
    return type == YAML_MAPPING_NODE    ? "a map"
           : type == YAML_SEQUENCE_NODE ? "a list"
                                        : "a single value";
}

static bool is_text(const yaml_node_t *node) {
    return node->type == YAML_SCALAR_NODE &&
           strlen((const char *)node->data.scalar.value) == node->data.scalar.length;
}

/* Refuses a key that stands in the map's pairs before INDEX.  */
static gradus_err expect_new(const gradus_document *document, const yaml_node_t *map,
                             size_t index, const yaml_node_t *node, gradus_error *why) {
    const char *key = gradus_node_text(node);
    for (size_t i = 0; i < index; i++)
        if (strcmp(key, gradus_node_text(gradus_map_key(document, map, i))) == 0)
            return gradus_document_fail(document, node, why, "'%s' is given twice", key);
    return GRADUS_OK;
}

static gradus_err expect_few(const gradus_document *document, const yaml_node_t *node,
                             const char *what, size_t count, gradus_error *why) {
    return count <= MOST_ITEMS
               ? GRADUS_OK
               : gradus_document_fail(document, node, why,
                                      "%s: expected at most %d items, not %zu", what,
                                      MOST_ITEMS, count);
}

gradus_err gradus_document_map(const gradus_document *document, const yaml_node_t *node,
                               const char *what, gradus_error *why) {
    if (node->type != YAML_MAPPING_NODE)
        return gradus_document_fail(document, node, why,
                                    "%s: expected a map of keys and values, not %s", what,
                                    name_of(node->type));
    gradus_err err = expect_few(document, node, what, gradus_map_count(node), why);
    for (size_t i = 0; !err && i < gradus_map_count(node); i++) {
        const yaml_node_t *key = gradus_map_key(document, node, i);
        err = is_text(key) ? expect_new(document, node, i, key, why)
                           : gradus_document_fail(document, key, why,
                                                  "%s: expected a word as key", what);
    }
    return err;
}

gradus_err gradus_document_list(const gradus_document *document, const yaml_node_t *node,
                                const char *what, gradus_error *why) {
    if (node->type != YAML_SEQUENCE_NODE)
        return gradus_document_fail(document, node, why, "%s: expected a list, not %s",
                                    what, name_of(node->type));
    if (gradus_list_count(node) == 0)
        return gradus_document_fail(document, node, why,
                                    "%s: expected at least one item in the list", what);
    return expect_few(document, node, what, gradus_list_count(node), why);
}

gradus_err gradus_document_text(const gradus_document *document, const yaml_node_t *node,
                                const char *what, const char **out, gradus_error *why) {
    if (node->type != YAML_SCALAR_NODE)
        return gradus_document_fail(document, node, why,
                                    "%s: expected a single value, not %s", what,
                                    name_of(node->type));
    if (!is_text(node))
        return gradus_document_fail(document, node, why,
                                    "%s: expected text without NUL characters", what);
    if (node->data.scalar.length > LONGEST_TEXT)
        return gradus_document_fail(document, node, why,
                                    "%s: expected a text of at most %d bytes, not %zu",
                                    what, LONGEST_TEXT, node->data.scalar.length);
    *out = gradus_node_text(node);
    return GRADUS_OK;
}

yaml_node_t *gradus_document_find(const gradus_document *document, const yaml_node_t *map,
                                  const char *key) {
    for (size_t i = 0; i < gradus_map_count(map); i++)
        if (strcmp(key, gradus_node_text(gradus_map_key(document, map, i))) == 0)
            return gradus_map_value(document, map, i);
    return NULL;
}

yaml_node_t *gradus_list_item(const gradus_document *document, const yaml_node_t *list,
                              size_t index) {
    return gradus_document_node(document, list->data.sequence.items.start[index]);
}

yaml_node_t *gradus_map_key(const gradus_document *document, const yaml_node_t *map,
                            size_t index) {
    return gradus_document_node(document, map->data.mapping.pairs.start[index].key);
}

yaml_node_t *gradus_map_value(const gradus_document *document, const yaml_node_t *map,
                              size_t index) {
    return gradus_document_node(document, map->data.mapping.pairs.start[index].value);
}

const char *gradus_node_text(const yaml_node_t *scalar) {
    return (const char *)scalar->data.scalar.value;
}
