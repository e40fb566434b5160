/* SPDX-License-Identifier: MIT
 *
 * JSON values for results, and how documents are printed. */
#ifndef CATDOG_JSON_H
#define CATDOG_JSON_H

#include <catdog/catdog.h>
#include <jansson.h>

/* Makes a number, or null if the value is not finite. */
json_t *json_number(double value);

/* Makes a string. If text is not UTF-8, every byte that is not ASCII becomes "?". */
json_t *json_text(const char *text);

json_t *json_preprocess(const cnn_preprocess_t *preprocess);

/* Makes an array of the model's class names. */
json_t *json_classes(const cnn_model_t *model);

/* The keys of the metadata that record how a model was made. Each value is a JSON object. */
enum { JSON_RECORDS = 5 };
extern const char *const json_records[JSON_RECORDS];

/* Returns metadata of a model: JSON as it is, other text as a string, a missing key as null. */
json_t *json_record(const cnn_model_t *model, const char *key);

/* Makes an object with the figures of an epoch. */
json_t *json_epoch(const cnn_epoch_t *epoch);

/* Prints a document on stdout and releases it. NULL stands for a document that could not be built.
 * Returns EXIT_SUCCESS, or EXIT_FAILURE after a message. */
int json_print(json_t *document);

/* Prints the document on one line. */
int json_print_line(json_t *document);

#endif
