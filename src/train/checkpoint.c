/* SPDX-License-Identifier: MIT */
#include "train/checkpoint.h"

#include <stdio.h>
#include <string.h>

#include "core/hash.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/version.h"
#include "kernels/kernels.h"

static const char FORMAT[] = "catdog-checkpoint-1";

/* OWN_ENTRIES: the number of metadata entries besides the terms (train/terms.h): format, library,
 * kernels, step, best_epoch, history, checksum. NUMBER_SIZE: the size of a buffer for a number as
 * text. */
enum { OWN_ENTRIES = 7, NUMBER_SIZE = 24 };

/* Returns the sum of the hashes of all tensors and entries, which does not depend on their order.
 * The entry of the checksum itself is left out. */
static uint64_t checksum(const struct cd_tensor *tensors, size_t n_tensors,
                         const struct cd_text_entry *entries, size_t n_entries)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n_tensors; i++)
        sum += cd_hash_bytes(cd_hash_text(0, tensors[i].name), tensors[i].data,
                             tensors[i].count * cd_tensor_value_size(tensors[i].type));
    for (size_t i = 0; i < n_entries; i++)
        if (strcmp(entries[i].key, "checksum") != 0)
            sum += cd_hash_text(cd_hash_text(1, entries[i].key), entries[i].value);
    return sum;
}

/* The content of a checkpoint file before it is written. The entries point to strings that the
 * caller or the last three fields hold. */
struct content {
    struct cd_tensor tensors[CD_CHECKPOINT_BLOCKS];
    size_t n_tensors;
    struct cd_text_entry entries[CD_TERMS + OWN_ENTRIES];
    size_t n_entries;
    char step[NUMBER_SIZE], best_epoch[NUMBER_SIZE], checksum[NUMBER_SIZE];
};

static void add_tensor(struct content *content, const struct cd_checkpoint_block *block)
{
    struct cd_tensor *tensor = &content->tensors[content->n_tensors++];
    snprintf(tensor->name, sizeof tensor->name, "%s", block->name);
    tensor->rank = 1;
    tensor->dims[0] = tensor->count = block->count;
    tensor->data = block->values;
}

/* Appends an entry. The casts remove `const`, which is safe because writing does not change
 * entries. */
static void add_entry(struct content *content, const char *key, const char *value)
{
    content->entries[content->n_entries++] =
        (struct cd_text_entry){.key = (char *)(uintptr_t)key, .value = (char *)(uintptr_t)value};
}

static void fill(struct content *content, const struct cd_checkpoint *checkpoint,
                 const char *history)
{
    memset(content, 0, sizeof *content);
    for (size_t i = 0; i < checkpoint->n_blocks; i++)
        add_tensor(content, &checkpoint->blocks[i]);
    add_entry(content, "format", FORMAT);
    add_entry(content, "library", CD_VERSION);
    add_entry(content, "kernels", checkpoint->context->kernels->name);
    for (size_t i = 0; i < checkpoint->terms->n; i++)
        add_entry(content, checkpoint->terms->entries[i].key, checkpoint->terms->entries[i].value);
    snprintf(content->step, NUMBER_SIZE, "%llu", (unsigned long long)checkpoint->step);
    add_entry(content, "step", content->step);
    snprintf(content->best_epoch, NUMBER_SIZE, "%lu",
             (unsigned long)checkpoint->history->best_epoch);
    add_entry(content, "best_epoch", content->best_epoch);
    add_entry(content, "history", history);
    snprintf(content->checksum, NUMBER_SIZE, "%016llx",
             (unsigned long long)checksum(content->tensors, content->n_tensors, content->entries,
                                          content->n_entries));
    add_entry(content, "checksum", content->checksum);
}

cnn_status_t cd_checkpoint_save(const struct cd_checkpoint *checkpoint, const char *path)
{
    struct content content;
    char *history;

    CD_TRY(cd_history_to_text(checkpoint->history, &history));
    fill(&content, checkpoint, history);
    cnn_status_t rc =
        cd_safetensors_save(checkpoint->context, path, content.tensors, content.n_tensors,
                            content.entries, content.n_entries);
    cd_free(checkpoint->context, history);
    return rc;
}

static cnn_status_t refuse(const char *path, const char *why)
{
    return cd_error(CNN_ERROR_MODEL_FILE, "%s: %s", path, why);
}

static const char *entry(const struct cd_tensor_file *file, const char *key)
{
    const char *value = cd_safetensors_metadata(file, key);
    return value ? value : "";
}

static cnn_status_t check_whole(const char *path, const struct cd_tensor_file *file)
{
    char sum[NUMBER_SIZE];

    if (strcmp(entry(file, "format"), FORMAT) != 0)
        return refuse(path, "not a checkpoint of this version of the library");
    snprintf(sum, sizeof sum, "%016llx",
             (unsigned long long)checksum(file->tensors, file->n_tensors, file->metadata,
                                          file->n_metadata));
    if (strcmp(entry(file, "checksum"), sum) != 0)
        return refuse(path, "damaged: its checksum does not agree with its contents");
    return CNN_OK;
}

static cnn_status_t check_blocks(const struct cd_checkpoint *checkpoint, const char *path,
                                 const struct cd_tensor_file *file)
{
    for (size_t i = 0; i < checkpoint->n_blocks; i++) {
        const struct cd_checkpoint_block *block = &checkpoint->blocks[i];
        const struct cd_tensor *tensor = cd_safetensors_tensor(file, block->name);
        if (!tensor || tensor->count != block->count)
            return cd_error(CNN_ERROR_MODEL_FILE, "%s: tensor \"%s\" is %s", path, block->name,
                            tensor ? "of another size" : "missing");
    }
    if (file->n_tensors != checkpoint->n_blocks)
        return refuse(path, "it holds more tensors than a checkpoint has");
    return CNN_OK;
}

/* Parses a decimal number below 2^63. Returns 1, or 0 if the text is not such a number. */
static int read_number(const char *text, uint64_t *number)
{
    *number = 0;
    if (!*text)
        return 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || *number > (UINT64_MAX >> 5))
            return 0;
        *number = *number * 10 + (uint64_t)(*text - '0');
    }
    return 1;
}

/* Reads the step, the best epoch and the history. On failure the history may already contain
 * epochs; the caller discards it. */
static cnn_status_t read_progress(struct cd_checkpoint *checkpoint, const char *path,
                                  const struct cd_tensor_file *file, uint64_t steps_per_epoch)
{
    cnn_history_t *history = checkpoint->history;
    uint64_t step, best;

    CD_TRY(cd_history_from_text(history, path, entry(file, "history")));
    if (!read_number(entry(file, "step"), &step) ||
        !read_number(entry(file, "best_epoch"), &best) ||
        step != history->count * steps_per_epoch || best > history->count)
        return refuse(path, "its step, best epoch and history do not fit together");
    history->best_epoch = (uint32_t)best;
    checkpoint->step = step;
    return CNN_OK;
}

/* Warns if the checkpoint was made with other kernels. Resuming is then allowed, but the rounding
 * of the results differs. */
static void compare_kernels(const struct cd_checkpoint *checkpoint, const char *path,
                            const struct cd_tensor_file *file)
{
    const char *before = entry(file, "kernels"), *now = checkpoint->context->kernels->name;

    if (strcmp(before, now) != 0)
        cd_warn(checkpoint->context,
                "%s: made with the kernels \"%s\"; going on with \"%s\" gives other last bits",
                path, before, now);
}

static void copy_blocks(const struct cd_checkpoint *checkpoint, const struct cd_tensor_file *file)
{
    for (size_t i = 0; i < checkpoint->n_blocks; i++) {
        const struct cd_checkpoint_block *block = &checkpoint->blocks[i];
        cd_tensor_read(cd_safetensors_tensor(file, block->name), block->values);
    }
}

cnn_status_t cd_checkpoint_load(struct cd_checkpoint *checkpoint, const char *path,
                                uint64_t steps_per_epoch)
{
    struct cd_tensor_file file;
    cnn_status_t rc = cd_safetensors_load(checkpoint->context, path, &file);

    if (rc != CNN_OK)
        return rc;
    CD_TRY_FAIL(check_whole(path, &file));
    CD_TRY_FAIL(cd_terms_check(checkpoint->terms, path, &file));
    CD_TRY_FAIL(check_blocks(checkpoint, path, &file));
    CD_TRY_FAIL(read_progress(checkpoint, path, &file, steps_per_epoch));
    compare_kernels(checkpoint, path, &file);
    copy_blocks(checkpoint, &file);
fail:
    cd_safetensors_free(&file);
    return rc;
}
