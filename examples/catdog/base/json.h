/* SPDX-License-Identifier: MIT
 *
 * JSON values out of what the tool has. */
#ifndef CATDOG_JSON_H
#define CATDOG_JSON_H

#include <catdog/catdog.h>
#include <jansson.h>

/* null for what is not a finite number. */
json_t *json_number(double value);

/* A file name may hold any bytes; those that are not ASCII become "?" if the whole is not UTF-8. */
json_t *json_text(const char *text);

json_t *json_preprocess(const cnn_preprocess_t *preprocess);

/* The model's class names, an array. */
json_t *json_classes(const cnn_model_t *model);

/* Metadata that tells of a model's making, each a JSON object. */
enum { JSON_RECORDS = 5 };
extern const char *const json_records[JSON_RECORDS];

/* What the model keeps as metadata: JSON as that, any other text as a string, nothing as null. */
json_t *json_record(const cnn_model_t *model, const char *key);

/* The members of an epoch, without struct_size. */
json_t *json_epoch(const cnn_epoch_t *epoch);

/* Prints the document, whole, on stdout, and releases it. NULL means that it could not be built.
 * Returns EXIT_SUCCESS or EXIT_FAILURE. */
int json_print(json_t *document);

/* The same on one line. */
int json_print_line(json_t *document);

#endif
