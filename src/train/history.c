/* SPDX-License-Identifier: MIT */
#include "train/history.h"

#include <math.h>
#include <string.h>

#include "core/file_writer.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/text.h"

enum { FIGURES = 12 };

/* Fills `figures` with pointers to the numbers of an epoch, in the order in which files have
 * them. */
static void figures_of(cnn_epoch_t *epoch, double *figures[FIGURES])
{
    double *const all[FIGURES] = {&epoch->loss,
                                  &epoch->mse,
                                  &epoch->accuracy,
                                  &epoch->pearson,
                                  &epoch->val_loss,
                                  &epoch->val_mse,
                                  &epoch->val_accuracy,
                                  &epoch->val_pearson,
                                  &epoch->learning_rate,
                                  &epoch->seconds,
                                  &epoch->images_per_second,
                                  &epoch->data_wait_seconds};
    memcpy(figures, all, sizeof all);
}

cnn_status_t cd_history_create(cnn_context_t *context, cnn_history_t **out)
{
    cnn_history_t *history = cd_alloc(context, 1, sizeof *history);

    *out = history;
    if (!history)
        return cd_error_memory();
    history->context = cd_context_ref(context);
    return CNN_OK;
}

void cd_history_free(cnn_history_t *history)
{
    if (!history)
        return;
    cnn_context_t *context = history->context;
    cd_free(context, history->epochs);
    cd_free(context, history);
    cd_context_unref(context);
}

cnn_status_t cd_history_add(cnn_history_t *history, const cnn_epoch_t *epoch)
{
    CD_TRY(cd_reserve(history->context, &history->epochs, &history->capacity, history->count + 1,
                      sizeof *history->epochs));
    cnn_epoch_t *added = &history->epochs[history->count++];
    *added = *epoch;
    added->struct_size = sizeof *added;
    added->epoch = (uint32_t)history->count;
    return CNN_OK;
}

static void append_csv(struct cd_text *text, cnn_epoch_t epoch)
{
    double *figures[FIGURES];
    char number[CD_NUMBER_SIZE];

    figures_of(&epoch, figures);
    cd_text_append(text, "%lu", (unsigned long)epoch.epoch);
    for (size_t i = 0; i < FIGURES; i++) {
        /* The learning rate was a float option. Printed as a float it is 0.001, as a double
         * 0.0010000000474974513. */
        if (figures[i] == &epoch.learning_rate)
            cd_number_text_float((float)*figures[i], number);
        else
            cd_number_text(*figures[i], number);
        cd_text_append(text, ",%s", isnan(*figures[i]) ? "" : number);
    }
    cd_text_append(text, "\n");
}

cnn_status_t cd_history_save(const cnn_history_t *history, const char *path)
{
    struct cd_text text = {.context = history->context};
    struct cd_file_writer writer;
    cnn_status_t rc;

    cd_text_append(&text, "epoch,loss,mse,accuracy,pearson,val_loss,val_mse,val_accuracy,"
                          "val_pearson,learning_rate,seconds,images_per_second,data_wait_s\n");
    for (size_t i = 0; i < history->count; i++)
        append_csv(&text, history->epochs[i]);
    if (text.failed) {
        cd_text_free(&text);
        return cd_error_memory();
    }
    rc = cd_file_writer_open(history->context, path, &writer);
    if (rc == CNN_OK) {
        rc = cd_file_writer_write(&writer, text.bytes, text.length);
        if (rc == CNN_OK)
            rc = cd_file_writer_commit(&writer);
        else
            cd_file_writer_discard(&writer);
    }
    cd_text_free(&text);
    return rc;
}

cnn_status_t cd_history_to_text(const cnn_history_t *history, char **out)
{
    struct cd_text text = {.context = history->context};

    cd_text_append(&text, "%s", "");
    for (size_t i = 0; i < history->count; i++) {
        cnn_epoch_t epoch = history->epochs[i];
        double *figures[FIGURES];
        figures_of(&epoch, figures);
        for (size_t j = 0; j < FIGURES; j++)
            cd_text_append(&text, "%016llx%c", (unsigned long long)cd_number_bits(*figures[j]),
                           j + 1 < FIGURES ? ' ' : '\n');
    }
    *out = NULL;
    if (text.failed) {
        cd_text_free(&text);
        return cd_error_memory();
    }
    *out = text.bytes;
    return CNN_OK;
}

/* Reads a double, written as 16 lower-case hexadecimal digits, and the character `end`. Returns a
 * pointer to the following text, or NULL if the text has another form. */
static const char *read_bits(const char *text, char end, double *value)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t bits = 0;

    for (size_t i = 0; i < 16; i++, text++) {
        const char *digit = *text ? strchr(digits, *text) : NULL;
        if (!digit)
            return NULL;
        bits = bits << 4 | (uint64_t)(digit - digits);
    }
    *value = cd_number_from_bits(bits);
    return *text == end ? text + 1 : NULL;
}

cnn_status_t cd_history_from_text(cnn_history_t *history, const char *name, const char *text)
{
    while (*text) {
        cnn_epoch_t epoch = {.struct_size = sizeof epoch};
        double *figures[FIGURES];
        figures_of(&epoch, figures);
        for (size_t j = 0; j < FIGURES; j++) {
            text = read_bits(text, j + 1 < FIGURES ? ' ' : '\n', figures[j]);
            if (!text)
                return cd_error(CNN_ERROR_MODEL_FILE, "%s: its history is not valid at epoch %zu",
                                name, history->count + 1);
        }
        CD_TRY(cd_history_add(history, &epoch));
    }
    return CNN_OK;
}
