/* SPDX-License-Identifier: MIT
 *
 * catdog predict: what photos show. A photo that fails is told, and the others go on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/output.h"
#include "base/tool.h"

#define CHUNK 256 /* photos whose results wait in memory */
#define BATCH 32  /* photos run at a time */
#define MAX_STDIN ((size_t)256 << 20)

struct predict {
    const cnn_model_t *model;
    cnn_session_t *session;
    size_t n_classes;
    json_t *array; /* NULL: plain lines */
    cnn_prediction_t predictions[CHUNK];
    float *probabilities; /* CHUNK x n_classes */
    int failed;
};

static int is_stdin(const char *path)
{
    return strcmp(path, "-") == 0;
}

static void clear(struct predict *p)
{
    memset(p->predictions, 0, sizeof p->predictions);
    for (size_t i = 0; i < CHUNK; i++) {
        p->predictions[i].struct_size = sizeof p->predictions[i];
        p->predictions[i].probabilities = p->probabilities + i * p->n_classes;
    }
}

/* In the JSON array a failed photo keeps its place. */
static void add_failure(struct predict *p, const char *path, const char *reason)
{
    if (p->array)
        json_array_append_new(
            p->array, json_pack("{s:o, s:o}", "path", json_text(path), "error", json_text(reason)));
}

static void tell_prediction(struct predict *p, const char *path, const cnn_prediction_t *result)
{
    if (!p->array) {
        printf("%s\t%s\t%.4f\n", path, result->class_name, (double)result->probability);
        return;
    }
    json_t *all = json_object();
    for (size_t c = 0; c < p->n_classes; c++)
        json_object_set_new(all, cnn_model_class_name(p->model, c),
                            json_number((double)result->probabilities[c]));
    json_array_append_new(p->array, json_pack("{s:o, s:s, s:o, s:o}", "path", json_text(path),
                                              "label", result->class_name, "probability",
                                              json_number((double)result->probability),
                                              "probabilities", all));
}

/* At most CHUNK files, told in their order. The library's message tells of the first photo that
 * failed and its log of the others; for JSON each is tried once more by itself to learn why. */
static void predict_files(struct predict *p, const char *const *paths, size_t n)
{
    clear(p);
    for (size_t i = 0; i < n; i++)
        p->predictions[i].status = CNN_ERROR_ARGUMENT;
    if (cnn_session_predict_files(p->session, paths, n, p->predictions) != CNN_OK) {
        p->failed = 1;
        output_message("%s", cnn_error_message());
    }
    for (size_t i = 0; i < n; i++) {
        cnn_prediction_t *result = &p->predictions[i];
        if (result->status == CNN_OK ||
            (p->array && cnn_session_predict_file(p->session, paths[i], result) == CNN_OK))
            tell_prediction(p, paths[i], result);
        else
            add_failure(p, paths[i], cnn_error_message());
    }
}

/* All of standard input; NULL after a failure, *reason tells it. */
static unsigned char *read_stdin(size_t *size, const char **reason)
{
    size_t room = 1 << 16, used = 0;
    unsigned char *bytes = malloc(room);

    *reason = "out of memory";
    while (bytes) {
        used += fread(bytes + used, 1, room - used, stdin);
        if (used < room)
            break;
        unsigned char *larger = room < MAX_STDIN ? realloc(bytes, room *= 2) : NULL;
        if (!larger) {
            *reason = "standard input is too large";
            free(bytes);
        }
        bytes = larger;
    }
    if (bytes && ferror(stdin)) {
        *reason = "standard input cannot be read";
        free(bytes);
        return NULL;
    }
    *size = used;
    return bytes;
}

static void stdin_failed(struct predict *p, const char *reason)
{
    p->failed = 1;
    output_message("-: %s", reason);
    add_failure(p, "-", reason);
}

static void predict_stdin(struct predict *p)
{
    const char *reason;
    size_t size;
    unsigned char *bytes = read_stdin(&size, &reason);

    if (!bytes) {
        stdin_failed(p, reason);
        return;
    }
    clear(p);
    if (cnn_session_predict_memory(p->session, bytes, size, p->predictions) == CNN_OK)
        tell_prediction(p, "-", p->predictions);
    else
        stdin_failed(p, cnn_error_message());
    free(bytes);
}

static int predict_all(struct predict *p, const char *const *files, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t run = 0;
        while (i + run < n && run < CHUNK && !is_stdin(files[i + run]))
            run++;
        if (run > 0)
            predict_files(p, files + i, run);
        else
            predict_stdin(p);
        i += run > 0 ? run : 1;
    }
    return p->failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Few photos at a time where there are few: fresh memory costs time, too. */
static int predict(const char *path, uint32_t threads, int json, int mirror,
                   const char *const *files, size_t n)
{
    const cnn_session_options_t options = {
        .struct_size = sizeof options,
        .batch_size = n < BATCH ? (uint32_t)n : BATCH,
        .mirror = mirror,
    };
    struct predict p = {0};
    struct tool tool;
    cnn_model_t *model = NULL;
    int rc = tool_open(&tool, threads, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, tool_load_model(&tool, path, &model));
    TOOL_TRY(rc, cnn_session_create(model, &options, &p.session));
    p.model = model;
    p.n_classes = cnn_model_class_count(model);
    p.probabilities = calloc(CHUNK * (p.n_classes + 1), sizeof *p.probabilities);
    p.array = json ? json_array() : NULL;
    if (!p.probabilities || (json && !p.array)) {
        output_message("out of memory");
        rc = EXIT_FAILURE;
        goto done;
    }
    rc = predict_all(&p, files, n);
    if (json && json_print(json_incref(p.array)) != EXIT_SUCCESS)
        rc = EXIT_FAILURE;
done:
    json_decref(p.array);
    free(p.probabilities);
    cnn_session_free(p.session);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

int command_predict(int argc, char **argv)
{
    const char *model = NULL;
    uint32_t threads = 0;
    int json = 0, mirror = 0;
    const struct option options[] = {
        ARG_TEXT("model", &model, "FILE", TOOL_MODEL_HELP),
        ARG_FLAG("mirror", &mirror, "judge each photo by the mean of it and its mirror image"),
        ARG_THREADS(&threads),
        ARG_JSON(&json),
        ARG_END,
    };
    const struct command command = {
        .name = "predict",
        .synopsis = "[--model FILE] [options] PHOTO...",
        .about = "Prints a line for each photo: path, label, probability of that label, between "
                 "tabs. The\n"
                 "photo \"-\" is read from standard input. A photo that fails is a line on stderr, "
                 "and the\n"
                 "exit status is 1.",
        .options = options,
        .min_files = 1,
        .max_files = (size_t)-1,
    };
    size_t n_files;
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc == ARGS_GO_ON)
        rc = predict(model, threads, json, mirror, (const char *const *)argv, n_files);
    return rc;
}
