/* SPDX-License-Identifier: MIT
 *
 * Creates JSON values for the results of a command, and prints JSON documents. */
#ifndef CATDOG_JSON_H
#define CATDOG_JSON_H

#include <catdog/catdog.h>
#include <jansson.h>

/* Creates a JSON number, or null if the value is not finite. */
json_t *json_number(double value);

/* Creates a JSON string. If text is not valid UTF-8, every non-ASCII byte becomes "?". */
json_t *json_text(const char *text);

json_t *json_preprocess(const cnn_preprocess_t *preprocess);

/* Creates an array of the model's class names. */
json_t *json_classes(const cnn_model_t *model);

/* The metadata keys that record how a model was trained and calibrated. Each value is a JSON
 * object. */
enum { JSON_RECORDS = 5 };
extern const char *const json_records[JSON_RECORDS];

/* Returns the model's metadata for the key: parsed if it is JSON, as a string if it is not, and
 * null if the key is missing. */
json_t *json_record(const cnn_model_t *model, const char *key);

/* Creates an object with the metrics of an epoch. */
json_t *json_epoch(const cnn_epoch_t *epoch);

/* Prints a document on stdout and releases it. If document is NULL, which means that it could not
 * be created, prints an error message. Returns EXIT_SUCCESS, or EXIT_FAILURE after a message. */
int json_print(json_t *document);

/* Does the same as json_print(), but prints the document on one line. */
int json_print_line(json_t *document);

#endif
