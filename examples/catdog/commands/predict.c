/* SPDX-License-Identifier: MIT
 *
 * catdog predict: predicts the classes of photos. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/output.h"
#include "base/tool.h"
#include "commands.h"

#define CHUNK 256 /* maximum number of photos in one library call */
#define BATCH 32  /* maximum batch size */
#define MAX_STDIN ((size_t)256 << 20)

static struct {
    const char *model;
    uint32_t threads;
    int json, mirror;
} o;

struct predict {
    const cnn_model_t *model;
    cnn_session_t *session;
    size_t n_classes;
    json_t *array; /* predictions for --json, or NULL to print lines of text */
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

/* Adds an entry with an error message to the JSON array, so that the entries stay in the order of
 * the files. */
static void add_failure(struct predict *p, const char *path, const char *reason)
{
    if (p->array)
        json_array_append_new(
            p->array, json_pack("{s:o, s:o}", "path", json_text(path), "error", json_text(reason)));
}

static void print_prediction(struct predict *p, const char *path, const cnn_prediction_t *result)
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

/* Predicts n files (at most CHUNK) and prints the results in the order of the files. The library's
 * error message is about the first photo that failed. The other failures are warnings in the
 * library's log, which tool.c prints. */
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
        const cnn_prediction_t *result = &p->predictions[i];
        if (result->status == CNN_OK)
            print_prediction(p, paths[i], result);
        else
            add_failure(p, paths[i], *result->message ? result->message : cnn_error_message());
    }
}

/* Reads standard input to its end. Returns the bytes, which the caller frees, or NULL with the
 * reason in *reason. */
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
        print_prediction(p, "-", p->predictions);
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

/* Runs the command. The batch size is at most the number of photos, because a larger batch would
 * only take time to allocate. */
static int predict(char **files, size_t n)
{
    const cnn_session_options_t options = {
        .struct_size = sizeof options,
        .batch_size = n < BATCH ? (uint32_t)n : BATCH,
        .mirror = o.mirror,
    };
    struct predict p = {0};
    struct tool tool;
    cnn_model_t *model = NULL;
    int rc = tool_open(&tool, o.threads, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, tool_load_model(&tool, o.model, &model));
    TOOL_TRY(rc, cnn_session_create(model, &options, &p.session));
    p.model = model;
    p.n_classes = cnn_model_class_count(model);
    p.probabilities = calloc(CHUNK * (p.n_classes + 1), sizeof *p.probabilities);
    p.array = o.json ? json_array() : NULL;
    if (!p.probabilities || (o.json && !p.array)) {
        rc = output_no_memory();
        goto done;
    }
    rc = predict_all(&p, (const char *const *)files, n);
    if (o.json && json_print(json_incref(p.array)) != EXIT_SUCCESS)
        rc = EXIT_FAILURE;
done:
    json_decref(p.array);
    free(p.probabilities);
    cnn_session_free(p.session);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

static const struct option options[] = {
    TOOL_MODEL(&o.model),
    ARG_FLAG("mirror", &o.mirror,
             "Use test-time mirroring: the mean of the predictions of a photo and its mirror "
             "image."),
    ARG_THREADS(&o.threads),
    ARG_JSON(&o.json),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog predict photo.jpg", "Predict with the built-in model: is it a cat or a dog?"},
    {"catdog predict --model model.safetensors --json *.jpg",
     "Predict with another model and print all probabilities as JSON."},
    {"curl -s https://example.org/photo.jpg | catdog predict -", "Read a photo from a pipe."},
    {NULL, NULL},
};

const struct command command_predict = {
    .name = "predict",
    .summary = "predict the class of photos",
    .synopsis = "[--model FILE] [options] PHOTO...",
    .description =
        "This command prints a line for each photo: its path, the predicted class, and the "
        "probability of that class, separated by tabs. The photo \"-\" is read from standard "
        "input."
        "\n\n"
        "A photo that cannot be decoded gets a message on standard error, and the other photos are "
        "predicted all the same. With --json it is an object with \"path\" and \"error\".",
    .options = options,
    .examples = examples,
    .failed = "At least one photo could not be predicted, or the model could not be loaded.",
    .min_files = 1,
    .max_files = (size_t)-1,
    .run = predict,
};
