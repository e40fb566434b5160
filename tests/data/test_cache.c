/* SPDX-License-Identifier: MIT
 *
 * Pixels from a cache file and pixels that are streamed: the same as those in memory, also in whole
 * short trainings; caches that must not be believed; photos that go away. */
#define _POSIX_C_SOURCE 200809L
#include <catdog/catdog.h>
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/hash.h"
#include "data/cache_file.h"
#include "data/dataset.h"
#include "support/failing_allocator.h"
#include "support/photo_folder.h"
#include "support/test_context.h"
#include "support/toy.h"

enum { HEIGHT = 12, WIDTH = 14, PICTURE = HEIGHT * WIDTH * 3, PHOTOS = 24 };

static const cnn_preprocess_t small = {
    .struct_size = sizeof small, .height = HEIGHT, .width = WIDTH};

static struct photo_folder photos, other;
static struct test_context test;
static char cache[600];

static void setup(void)
{
    char name[32];

    folder_make(&photos);
    folder_make(&other);
    test_context_open(&test, 2);
    for (int i = 0; i < PHOTOS; i++) {
        snprintf(name, sizeof name, "%s.%02d.jpg", i % 2 ? "cat" : "dog", i);
        folder_photo(&photos, name, 20 + (size_t)i, 60 - (size_t)i, (unsigned)i);
    }
    folder_cut_photo(&photos, "cat.99.jpg", 700);
    snprintf(cache, sizeof cache, "%s", folder_path(&other, "cache"));
}

static void teardown(void)
{
    test_context_close(&test);
    folder_remove(&photos);
    folder_remove(&other);
}

static cnn_dataset_t *open_photos(cnn_context_t *context, int strict)
{
    const cnn_dataset_open_options_t options = {.struct_size = sizeof options, .strict = strict};
    cnn_dataset_t *dataset;

    ck_assert_int_eq(cnn_dataset_open(context, photos.path, &options, &dataset), CNN_OK);
    return dataset;
}

static cnn_dataset_t *load_photos(cnn_context_t *context, const char *file, uint64_t memory)
{
    const cnn_dataset_load_options_t options = {
        .struct_size = sizeof options, .cache = file, .memory = memory};
    cnn_dataset_t *dataset = open_photos(context, 0);
    cnn_status_t rc = cnn_dataset_load(dataset, &small, &options);

    ck_assert_msg(rc == CNN_OK, "%s", cnn_error_message());
    return dataset;
}

static void check_same(const cnn_dataset_t *a, const cnn_dataset_t *b)
{
    uint8_t scratch[2][PICTURE];
    const uint8_t *pixels[2];

    ck_assert_uint_eq(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        ck_assert_str_eq(a->samples[i].path, b->samples[i].path);
        ck_assert_int_eq(cd_dataset_pixels(a, i, scratch[0], &pixels[0]), CNN_OK);
        ck_assert_int_eq(cd_dataset_pixels(b, i, scratch[1], &pixels[1]), CNN_OK);
        ck_assert_mem_eq(pixels[0], pixels[1], PICTURE);
        ck_assert(cd_dataset_hash(a, i) == cd_dataset_hash(b, i));
    }
    ck_assert_uint_eq(a->n_skipped, b->n_skipped);
    for (size_t i = 0; i < a->n_skipped; i++) {
        ck_assert_str_eq(a->skipped[i].path, b->skipped[i].path);
        ck_assert_int_eq(a->skipped[i].status, b->skipped[i].status);
        ck_assert_str_eq(a->skipped[i].reason, b->skipped[i].reason);
    }
}

/* What a file says when it is used, and when it is made, as seen by its inode. */
static ino_t inode_of(const char *path)
{
    struct stat about;
    ck_assert_int_eq(stat(path, &about), 0);
    return about.st_ino;
}

static void has_warning(const char *text)
{
    ck_assert_msg(strstr(test.warnings, text) != NULL, "no \"%s\" in:\n%s", text, test.warnings);
}

static size_t files_in(const struct photo_folder *folder)
{
    DIR *directory = opendir(folder->path);
    size_t n = 0;

    ck_assert_ptr_nonnull(directory);
    for (const struct dirent *e; (e = readdir(directory));)
        n += e->d_name[0] != '.';
    closedir(directory);
    return n;
}

START_TEST(same_pixels)
{
    cnn_dataset_t *memory = load_photos(test.context, NULL, 0);
    cnn_dataset_t *built = load_photos(test.context, cache, 0);
    const ino_t inode = inode_of(cache);
    cnn_dataset_t *cached = load_photos(test.context, cache, 0);
    cnn_dataset_t *streamed = load_photos(test.context, NULL, 5 * PICTURE + 1);
    cnn_sample_t sample = {.struct_size = sizeof sample};

    ck_assert_uint_eq(memory->count, PHOTOS);
    ck_assert_uint_eq(memory->n_skipped, 1);
    ck_assert_uint_eq(streamed->pixel_block->held, 5);
    check_same(memory, built);
    check_same(memory, cached);
    check_same(memory, streamed);
    ck_assert(inode_of(cache) == inode);
    ck_assert_uint_eq(files_in(&other), 1);
    ck_assert_int_eq(cnn_dataset_sample(cached, 3, &sample), CNN_OK);
    ck_assert_ptr_nonnull(sample.pixels);
    ck_assert_int_eq(cnn_dataset_sample(streamed, PHOTOS - 1, &sample), CNN_OK);
    ck_assert_ptr_null(sample.pixels);
    cnn_dataset_free(memory);
    cnn_dataset_free(built);
    cnn_dataset_free(cached);
    cnn_dataset_free(streamed);
}
END_TEST

/* The file is of the folder, so a part makes it for all parts, and they map it once. */
START_TEST(one_file_for_every_split)
{
    const cnn_dataset_load_options_t options = {.struct_size = sizeof options, .cache = cache};
    cnn_dataset_t *whole = open_photos(test.context, 0), *all, *parts[2];

    ck_assert_int_eq(cnn_dataset_split(whole, NULL, &parts[0], &parts[1]), CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(parts[0], &small, &options), CNN_OK);
    const ino_t inode = inode_of(cache);
    ck_assert_int_eq(cnn_dataset_load(parts[1], &small, &options), CNN_OK);
    ck_assert(inode_of(cache) == inode);
    ck_assert_ptr_nonnull(parts[0]->pixel_block->map.bytes);
    ck_assert_ptr_eq(parts[0]->pixel_block, parts[1]->pixel_block);
    all = load_photos(test.context, NULL, 0);
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < parts[p]->count; i++) {
            size_t same = 0;
            while (strcmp(all->samples[same].path, parts[p]->samples[i].path) != 0)
                same++;
            ck_assert_mem_eq(cd_dataset_held(all, same), cd_dataset_held(parts[p], i), PICTURE);
        }
    ck_assert_uint_eq(parts[0]->n_skipped + parts[1]->n_skipped, 1);
    cnn_dataset_free(all);
    cnn_dataset_free(parts[0]);
    cnn_dataset_free(parts[1]);
    cnn_dataset_free(whole);
}
END_TEST

START_TEST(strict_with_cache)
{
    const cnn_dataset_load_options_t options = {.struct_size = sizeof options, .cache = cache};
    cnn_dataset_t *dataset = open_photos(test.context, 1);

    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(cnn_dataset_load(dataset, &small, &options), CNN_ERROR_IMAGE);
        ck_assert_ptr_nonnull(strstr(cnn_error_message(), "cat.99.jpg"));
    }
    cnn_dataset_free(dataset);
}
END_TEST

/* Waits until all stand at the line, loads by the cache, and compares with what memory held. */
static int load_in_child(int line, const cnn_dataset_t *expected)
{
    cnn_context_t *context = context_with_threads(1);
    char go;

    alarm(20);
    if (read(line, &go, 1) != 0) /* the end of the file is the signal */
        return 1;
    cnn_dataset_t *loaded = load_photos(context, cache, 0);
    check_same(expected, loaded);
    const int mapped = loaded->pixel_block->map.bytes != NULL;
    cnn_dataset_free(loaded);
    cnn_context_free(context);
    return !mapped;
}

/* Processes that make the same file at once: each has all pixels, and one file stays, which a later
 * load uses as it is. */
START_TEST(made_by_processes_at_once)
{
    enum { CHILDREN = 3 };
    cnn_dataset_t *expected = load_photos(test.context, NULL, 0);
    pid_t children[CHILDREN];
    int line[2];

    ck_assert_int_eq(pipe(line), 0);
    for (size_t i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        ck_assert_int_ge(children[i], 0);
        if (children[i] == 0) {
            close(line[1]);
            _exit(load_in_child(line[0], expected));
        }
    }
    close(line[0]);
    close(line[1]);
    for (size_t i = 0; i < CHILDREN; i++) {
        int status = -1;
        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_int_eq(status, 0);
    }
    ck_assert_uint_eq(files_in(&other), 1);
    const ino_t inode = inode_of(cache);
    cnn_dataset_t *later = load_photos(test.context, cache, 0);
    ck_assert(inode_of(cache) == inode);
    check_same(expected, later);
    cnn_dataset_free(later);
    cnn_dataset_free(expected);
}
END_TEST

/* ---- caches that must not be believed ---- */

static void change_byte(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, at, SEEK_SET), 0);
    const int byte = fgetc(file);
    ck_assert_int_ne(byte, EOF);
    ck_assert_int_eq(fseek(file, at, SEEK_SET), 0);
    fputc(byte ^ 16, file);
    ck_assert_int_eq(fclose(file), 0);
}

/* why: what the warning has to say. */
static void is_made_anew(const char *why)
{
    char expected[1024];
    const ino_t before = inode_of(cache);
    cnn_dataset_t *memory = load_photos(test.context, NULL, 0);
    cnn_dataset_t *cached = load_photos(test.context, cache, 0);

    snprintf(expected, sizeof expected, "%s: %s: the cache is made anew\n", cache, why);
    has_warning(expected);
    ck_assert(inode_of(cache) != before);
    check_same(memory, cached);
    ck_assert_uint_eq(files_in(&other), 1);
    cnn_dataset_free(memory);
    cnn_dataset_free(cached);
}

/* A byte of the header, of a picture, of the list, of a reason. */
START_TEST(damaged)
{
    static const struct {
        long at;
        const char *why;
    } bytes[] = {
        {8, "made on a machine of another byte order"},
        {12, "made by another version of the library"},
        {20, "its header is damaged"},
        {30, "its header is damaged"},
        {60, "its header is damaged"},
        {CD_CACHE_HEADER, "a picture in it is damaged"},
        {CD_CACHE_HEADER + 5 * PICTURE + 7, "a picture in it is damaged"},
        {CD_CACHE_HEADER + (PHOTOS + 1) * PICTURE + 40, "its list of photos is damaged"},
        {CD_CACHE_HEADER + (PHOTOS + 1) * (PICTURE + 16) + 3, "its list of photos is damaged"}};

    cnn_dataset_free(load_photos(test.context, cache, 0));
    change_byte(cache, bytes[_i].at);
    is_made_anew(bytes[_i].why);
}
END_TEST

/* A header that is whole, of other settings, as another version of libjpeg has them. */
START_TEST(made_by_another_library)
{
    uint8_t header[64]; /* but for its hash, which follows */
    uint64_t hash;

    cnn_dataset_free(load_photos(test.context, cache, 0));
    change_byte(cache, 24);
    FILE *file = fopen(cache, "r+b");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fread(header, 1, sizeof header, file), sizeof header);
    hash = cd_hash_bytes(0, header, sizeof header);
    ck_assert_int_eq(fseek(file, sizeof header, SEEK_SET), 0);
    ck_assert_uint_eq(fwrite(&hash, 1, sizeof hash, file), sizeof hash);
    ck_assert_int_eq(fclose(file), 0);
    is_made_anew("made with other settings, or by another version of the library");
}
END_TEST

START_TEST(cut_short)
{
    static const off_t lengths[] = {8, 100, CD_CACHE_HEADER, CD_CACHE_HEADER + 9999};
    struct stat about;

    cnn_dataset_free(load_photos(test.context, cache, 0));
    ck_assert_int_eq(stat(cache, &about), 0);
    ck_assert_int_eq(truncate(cache, _i < 4 ? lengths[_i] : about.st_size - 1), 0);
    is_made_anew(_i < 2 ? "cut short" : "cut short, or longer than it was");
}
END_TEST

START_TEST(photos_changed)
{
    cnn_dataset_free(load_photos(test.context, cache, 0));
    switch (_i) {
    case 0:
        folder_photo(&photos, "dog.00.jpg", 40, 40, 77);
        break;
    case 1:
        folder_photo(&photos, "dog.80.jpg", 40, 40, 77);
        break;
    case 2:
        ck_assert_int_eq(unlink(folder_path(&photos, "dog.00.jpg")), 0);
        break;
    default:
        ck_assert_int_eq(chmod(folder_path(&photos, "dog.00.jpg"), 0604), 0);
    }
    is_made_anew("the photos have changed since it was made");
}
END_TEST

/* A photo that is out of the way for a moment, so that its size and time stay as they are. */
struct moment {
    char path[600], aside[600];
};

static int put_aside(size_t done, size_t total, void *user)
{
    const struct moment *moment = user;

    ck_assert_uint_le(done, total);
    if (done == 1)
        ck_assert_int_eq(rename(moment->path, moment->aside), 0);
    return 0;
}

/* What could not be read while the cache was made is not believed once it can be. */
START_TEST(unreadable_for_a_moment)
{
    struct moment moment;
    const cnn_dataset_load_options_t options = {
        .struct_size = sizeof options, .cache = cache, .progress = put_aside, .user = &moment};
    cnn_context_t *alone = context_with_threads(1); /* one photo after the other */
    cnn_dataset_t *made = open_photos(alone, 0);

    snprintf(moment.path, sizeof moment.path, "%s", folder_path(&photos, "dog.20.jpg"));
    snprintf(moment.aside, sizeof moment.aside, "%s", folder_path(&photos, "aside"));
    ck_assert_int_eq(cnn_dataset_load(made, &small, &options), CNN_OK);
    ck_assert_uint_eq(made->count, PHOTOS - 1);
    ck_assert_uint_eq(made->n_skipped, 2);
    ck_assert_int_eq(made->skipped[1].status, CNN_ERROR_IO);
    ck_assert_int_eq(rename(moment.aside, moment.path), 0);
    is_made_anew("a photo that could not be read then can be now");
    cnn_dataset_free(made);
    cnn_context_free(alone);
}
END_TEST

/* A cache is good for as long as nothing can be read that could not. */
START_TEST(unreadable_for_good)
{
    cnn_dataset_t *first = open_photos(test.context, 0), *second = open_photos(test.context, 0);
    const cnn_dataset_load_options_t options = {.struct_size = sizeof options, .cache = cache};

    ck_assert_int_eq(unlink(folder_path(&photos, "dog.20.jpg")), 0);
    folder_sub(&photos, "dog.20.jpg");
    ck_assert_int_eq(cnn_dataset_load(first, &small, &options), CNN_OK);
    const ino_t inode = inode_of(cache);
    ck_assert_int_eq(cnn_dataset_load(second, &small, &options), CNN_OK);
    ck_assert(inode_of(cache) == inode);
    ck_assert_uint_eq(second->count, PHOTOS - 1);
    check_same(first, second);
    cnn_dataset_free(first);
    cnn_dataset_free(second);
}
END_TEST

START_TEST(other_settings)
{
    const cnn_dataset_load_options_t options = {.struct_size = sizeof options, .cache = cache};
    cnn_preprocess_t cropped = small;
    cnn_dataset_t *dataset = open_photos(test.context, 0), *plain = open_photos(test.context, 0);

    cnn_dataset_free(load_photos(test.context, cache, 0));
    cropped.fit = CNN_FIT_CROP;
    ck_assert_int_eq(cnn_dataset_load(dataset, &cropped, &options), CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(plain, &cropped, NULL), CNN_OK);
    check_same(dataset, plain);
    has_warning(": made with other settings, or by another version of the library: the cache is ");
    cnn_dataset_free(dataset);
    cnn_dataset_free(plain);
}
END_TEST

struct stopping {
    cnn_cancel_t *cancel; /* NULL: stops by what the callback returns */
};

static int stop_after_three(size_t done, size_t total, void *user)
{
    const struct stopping *stopping = user;

    ck_assert_uint_le(done, total);
    if (done >= 3 && stopping->cancel)
        cnn_cancel_request(stopping->cancel);
    return done >= 3 && !stopping->cancel;
}

/* Whoever stops a load while a cache is made finds what was there before: nothing, or a cache that
 * does not fit. */
START_TEST(stopped_while_made)
{
    struct stopping stopping = {NULL};
    cnn_dataset_load_options_t options = {.struct_size = sizeof options,
                                          .cache = cache,
                                          .progress = stop_after_three,
                                          .user = &stopping};
    ino_t before = 0;

    if (_i % 2) {
        cnn_dataset_free(load_photos(test.context, cache, 0));
        before = inode_of(cache);
        folder_photo(&photos, "dog.00.jpg", 40, 40, 77);
    }
    if (_i / 2)
        ck_assert_int_eq(cnn_cancel_create(test.context, &stopping.cancel), CNN_OK);
    options.cancel = stopping.cancel;
    cnn_dataset_t *dataset = open_photos(test.context, 0);
    ck_assert_int_eq(cnn_dataset_load(dataset, &small, &options), CNN_ERROR_CANCELLED);
    ck_assert_uint_eq(files_in(&other), _i % 2);
    if (_i % 2)
        ck_assert(inode_of(cache) == before);
    cnn_cancel_free(stopping.cancel);
    cnn_dataset_free(dataset);
}
END_TEST

/* Whichever request for memory is refused, what has the cache's name is whole, or nothing has; and
 * nothing else is left. */
START_TEST(no_memory_while_made)
{
    const cnn_dataset_load_options_t options = {.struct_size = sizeof options, .cache = cache};
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 2);
    int without = 0, with = 0;

    for (size_t n = 1;; n++) {
        cnn_dataset_t *dataset = open_photos(own, 0);
        failing_allocator_set(&allocator, n);
        const cnn_status_t rc = cnn_dataset_load(dataset, &small, &options);
        failing_allocator_set(&allocator, 0);
        cnn_dataset_free(dataset);
        if (rc == CNN_OK)
            break;
        ck_assert_int_eq(rc, CNN_ERROR_MEMORY);
        const size_t files = files_in(&other);
        *(files ? &with : &without) += 1;
        if (!files)
            continue;
        const ino_t inode = inode_of(cache);
        cnn_dataset_free(load_photos(test.context, cache, 0));
        ck_assert(inode_of(cache) == inode);
        ck_assert_uint_eq(files_in(&other), 1);
        ck_assert_int_eq(unlink(cache), 0);
    }
    ck_assert_int_gt(without, PHOTOS);
    ck_assert_int_gt(with, 0); /* what comes after it is made */
    cnn_context_free(own);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}
END_TEST

/* A file that is no cache is nobody's to replace. */
START_TEST(something_else)
{
    static const char text[] = "a letter to a friend";
    char back[sizeof text] = "";

    folder_file(&other, "cache", text, sizeof text);
    cnn_dataset_t *dataset = load_photos(test.context, cache, 0);
    FILE *file = fopen(cache, "rb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fread(back, 1, sizeof back, file), sizeof text);
    fclose(file);
    ck_assert_str_eq(back, text);
    has_warning(": not a cache of pictures: left as it is, going on without this cache\n");
    ck_assert_ptr_nonnull(dataset->pixel_block->block);
    cnn_dataset_free(dataset);
}
END_TEST

/* A disk that is full after some pictures, and a folder that is not there: on without the cache,
 * and one warning tells why. */
START_TEST(cannot_be_written)
{
    char expected[1024];
    struct rlimit before, little;
    cnn_dataset_t *memory = load_photos(test.context, NULL, 0), *dataset;
    const int errors = test.logged[CNN_LOG_ERROR];

    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    little = before;
    little.rlim_cur = 9000;
    if (_i == 0)
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &little), 0);
    else
        snprintf(cache, sizeof cache, "%s", folder_path(&other, "no/such/cache"));
    dataset = load_photos(test.context, cache, _i == 2 ? 3 * PICTURE : 0);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_uint_eq(dataset->pixel_block->held, _i == 2 ? 3 : PHOTOS + 1);
    ck_assert_int_eq(test.logged[CNN_LOG_ERROR], errors);
    snprintf(expected, sizeof expected, "%s: cannot be written: %s: going on without this cache\n",
             cache, strerror(_i == 0 ? EFBIG : ENOENT));
    has_warning(expected);
    ck_assert_uint_eq(files_in(&other), 0);
    check_same(memory, dataset);
    cnn_dataset_free(memory);
    cnn_dataset_free(dataset);
}
END_TEST

/* A photo that the decoder warns of. */
static void add_surplus_bytes(const char *path)
{
    static const char tail[40 + 2] = {[40] = '\xff', [41] = '\xd9'};
    FILE *file = fopen(path, "r+b");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, -2, SEEK_END), 0); /* over the end marker */
    ck_assert_uint_eq(fwrite(tail, 1, sizeof tail, file), sizeof tail);
    ck_assert_int_eq(fclose(file), 0);
}

/* What is decoded again and again is warned of once. */
START_TEST(warnings_come_once)
{
    add_surplus_bytes(folder_path(&photos, "cat.01.jpg"));
    cnn_dataset_t *streamed = load_photos(test.context, NULL, 1);
    const int warnings = test.logged[CNN_LOG_WARNING];
    uint8_t scratch[PICTURE];
    const uint8_t *pixels;

    ck_assert_uint_eq(streamed->count, PHOTOS);
    ck_assert_int_eq(warnings, 2); /* and the photo that is cut short */
    for (size_t i = 0; i < streamed->count; i++)
        ck_assert_int_eq(cd_dataset_pixels(streamed, i, scratch, &pixels), CNN_OK);
    ck_assert_int_eq(test.logged[CNN_LOG_WARNING], warnings);
    cnn_dataset_free(streamed);
}
END_TEST

/* ---- trainings ---- */

struct result {
    cnn_model_t *model;
    cnn_history_t *history;
};

static struct result train(cnn_context_t *context, float detail, const char *file, uint64_t memory)
{
    const cnn_dataset_load_options_t load = {
        .struct_size = sizeof load, .cache = file, .memory = memory};
    const cnn_train_options_t options = {.struct_size = sizeof options,
                                         .epochs = 3,
                                         .batch_size = 4,
                                         .seed = 3,
                                         .mirror = 1,
                                         .crop_area = detail > 1 ? 0.5f : 0,
                                         .crop_detail = detail};
    static const char *const classes[] = {"dog", "cat"};
    cnn_model_options_t about = {.struct_size = sizeof about, .classes = classes, .n_classes = 2,
                                 .preprocess = &small, .seed = 5};
    cnn_dataset_t *whole = open_photos(context, 0), *parts[2];
    cnn_graph_t *graph;
    cnn_preprocess_t held = {.struct_size = sizeof held};
    struct result result = {NULL, NULL};

    ck_assert_int_eq(cnn_dataset_split(whole, NULL, &parts[0], &parts[1]), CNN_OK);
    ck_assert_int_eq(cnn_train_preprocess(context, &small, &options, &held), CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(parts[0], &held, &load), CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(parts[1], &small, &load), CNN_OK);
    ck_assert_int_eq(cnn_graph_create_preset(context, "conv24", HEIGHT, WIDTH, 1, &graph), CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, &about, &result.model), CNN_OK);
    cnn_status_t rc = cnn_model_train(result.model, parts[0], parts[1], &options, &result.history);
    ck_assert_msg(rc == CNN_OK, "%s", cnn_error_message());
    ck_assert_uint_eq(cnn_history_epoch_count(result.history), 3);
    cnn_graph_free(graph);
    cnn_dataset_free(parts[0]);
    cnn_dataset_free(parts[1]);
    cnn_dataset_free(whole);
    return result;
}

static void result_free(struct result *result)
{
    cnn_model_free(result->model);
    cnn_history_free(result->history);
}

/* The same bits in memory, from the cache file, and streamed with some or no pictures held, with 1
 * to 3 threads, of pictures of the network's size and of larger ones; among the photos is one that
 * cannot be read. */
START_TEST(same_training)
{
    const float detail = _i ? 1.5f : 1;
    struct result expected = train(test.context, detail, NULL, 0);

    for (uint32_t threads = 1; threads <= 3; threads++) {
        cnn_context_t *context = context_with_threads(threads);
        for (int mode = 0; mode < 4; mode++) {
            struct result got =
                train(context, detail, mode == 1 ? cache : NULL,
                      mode < 2 ? 0 : mode == 2 ? 5 * PICTURE : 1);
            ck_assert(toy_same_weights(expected.model, got.model));
            ck_assert(toy_same_history(expected.history, got.history));
            result_free(&got);
        }
        cnn_context_free(context);
    }
    result_free(&expected);
}
END_TEST

struct vanishing {
    const char *path[2];
    int all;
};

static int take_away(const cnn_epoch_t *epoch, void *user)
{
    struct vanishing *vanishing = user;

    ck_assert(epoch->data_wait_s >= 0 && epoch->data_wait_s <= epoch->seconds);
    if (vanishing->all)
        folder_remove(&photos);
    else if (epoch->epoch == 1)
        for (int i = 0; i < 2; i++)
            ck_assert_int_eq(unlink(vanishing->path[i]), 0);
    return 0;
}

/* Photos that go, and one that becomes another, between two epochs: told once each, and the
 * training goes on; with none left it ends. */
START_TEST(photos_vanish)
{
    const cnn_dataset_load_options_t load = {.struct_size = sizeof load, .memory = 1};
    struct vanishing vanishing = {.all = _i};
    cnn_train_options_t options = {.struct_size = sizeof options,
                                   .epochs = 3,
                                   .batch_size = 4,
                                   .on_epoch = take_away,
                                   .user = &vanishing};
    static const char *const classes[] = {"dog", "cat"};
    cnn_model_options_t about = {.struct_size = sizeof about, .classes = classes, .n_classes = 2,
                                 .preprocess = &small};
    cnn_dataset_t *data = open_photos(test.context, 0);
    cnn_graph_t *graph;
    cnn_model_t *model;
    cnn_history_t *history;

    ck_assert_int_eq(cnn_dataset_load(data, &small, &load), CNN_OK);
    vanishing.path[0] = data->samples[3].path;
    vanishing.path[1] = data->samples[20].path;
    ck_assert_int_eq(cnn_graph_create_preset(test.context, "conv24", HEIGHT, WIDTH, 1, &graph),
                     CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, &about, &model), CNN_OK);
    const int warnings = test.logged[CNN_LOG_WARNING];
    ck_assert_int_eq(cnn_model_train(model, data, NULL, &options, &history),
                     _i ? CNN_ERROR_IO : CNN_OK);
    ck_assert_int_eq(test.logged[CNN_LOG_WARNING] - warnings, _i ? PHOTOS : 2);
    ck_assert_uint_eq(cnn_history_epoch_count(history), _i ? 1 : 3);
    cnn_history_free(history);
    cnn_model_free(model);
    cnn_graph_free(graph);
    cnn_dataset_free(data);
    if (_i)
        folder_make(&photos); /* for teardown */
}
END_TEST

Suite *suite_cache(void)
{
    Suite *suite = suite_create("cache");
    TCase *tcase = tcase_create("cache");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, same_pixels);
    tcase_add_test(tcase, one_file_for_every_split);
    tcase_add_test(tcase, made_by_processes_at_once);
    tcase_add_test(tcase, strict_with_cache);
    tcase_add_loop_test(tcase, damaged, 0, 9);
    tcase_add_test(tcase, made_by_another_library);
    tcase_add_loop_test(tcase, cut_short, 0, 5);
    tcase_add_loop_test(tcase, photos_changed, 0, 4);
    tcase_add_test(tcase, unreadable_for_a_moment);
    tcase_add_test(tcase, unreadable_for_good);
    tcase_add_test(tcase, other_settings);
    tcase_add_loop_test(tcase, stopped_while_made, 0, 4);
    tcase_add_test(tcase, no_memory_while_made);
    tcase_add_test(tcase, something_else);
    tcase_add_loop_test(tcase, cannot_be_written, 0, 3);
    tcase_add_test(tcase, warnings_come_once);
    tcase_add_loop_test(tcase, same_training, 0, 2);
    tcase_add_loop_test(tcase, photos_vanish, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
