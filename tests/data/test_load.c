/* SPDX-License-Identifier: MIT
 *
 * Loading photos into the cache: what is skipped and why, the same bytes for any number of
 * threads, progress, cancelling, memory. */
#define _POSIX_C_SOURCE 200809L
#include <catdog/catdog.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/dataset.h"
#include "support/failing_allocator.h"
#include "support/photo_folder.h"
#include "support/from_pixels.h"

enum { HEIGHT = 12, WIDTH = 17, PICTURE = HEIGHT * WIDTH * 3 };

static const cnn_preprocess_t small = {
    .struct_size = sizeof small, .height = HEIGHT, .width = WIDTH};

static struct photo_folder folder;
static cnn_context_t *context;

static void setup(void)
{
    folder_make(&folder);
    context = context_with_threads(2);
}

static void teardown(void)
{
    cnn_context_free(context);
    folder_remove(&folder);
}

static void make_photos(int n)
{
    char name[32];
    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof name, "%s.%d.jpg", i % 2 ? "cat" : "dog", i);
        folder_photo(&folder, name, 20 + (size_t)i, 40 - (size_t)i, (unsigned)i);
    }
}

static cnn_dataset_t *open_folder(cnn_context_t *with, int strict)
{
    cnn_dataset_open_options_t options = {.struct_size = sizeof options, .strict = strict};
    cnn_dataset_t *dataset;
    cnn_status_t rc = cnn_dataset_open(with, folder.path, &options, &dataset);
    ck_assert_msg(rc == CNN_OK, "%s", cnn_error_message());
    return dataset;
}

static void load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess)
{
    cnn_status_t rc = cnn_dataset_load(dataset, preprocess, NULL);
    ck_assert_msg(rc == CNN_OK, "%s", cnn_error_message());
}

static cnn_sample_t sample_of(const cnn_dataset_t *dataset, size_t index)
{
    cnn_sample_t sample = {.struct_size = sizeof sample};
    ck_assert_int_eq(cnn_dataset_sample(dataset, index, &sample), CNN_OK);
    return sample;
}

static cnn_skipped_t skipped_of(const cnn_dataset_t *dataset, size_t index)
{
    cnn_skipped_t skipped = {.struct_size = sizeof skipped};
    ck_assert_int_eq(cnn_dataset_skipped(dataset, index, &skipped), CNN_OK);
    return skipped;
}

/* A sample's pixels are those of the public image and preprocess functions. */
static void has_right_pixels(const cnn_dataset_t *dataset, size_t index,
                             const cnn_preprocess_t *preprocess)
{
    const size_t size = (size_t)preprocess->height * preprocess->width * 3;
    cnn_sample_t sample = sample_of(dataset, index);
    uint8_t *expected = malloc(size);
    cnn_image_t *image;

    ck_assert_ptr_nonnull(expected);
    ck_assert_int_eq(cnn_image_load(context, sample.path, NULL, &image), CNN_OK);
    ck_assert_int_eq(cnn_preprocess_apply_rgb(context, preprocess, cnn_image_pixels(image),
                                              cnn_image_height(image), cnn_image_width(image), 0,
                                              expected),
                     CNN_OK);
    ck_assert_ptr_nonnull(sample.pixels);
    ck_assert_uint_eq(sample.height, preprocess->height);
    ck_assert_uint_eq(sample.width, preprocess->width);
    ck_assert_mem_eq(sample.pixels, expected, size);
    cnn_image_free(image);
    free(expected);
}

/* Three good photos, and of each bad kind one. */
static void make_mixed_photos(void)
{
    static const unsigned char png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13};

    folder_photo(&folder, "cat.1.jpg", 30, 40, 1);
    folder_touch(&folder, "cat.2.jpg");
    folder_cut_photo(&folder, "cat.3.jpg", 700);
    folder_photo(&folder, "cat.4.jpg", 1, 1, 2);
    folder_file(&folder, "dog.1.jpg", png, sizeof png);
    folder_photo(&folder, "dog.2.jpg", 50, 20, 3);
    folder_file(&folder, "dog.3.jpg", "meow meow meow", 14);
    folder_photo(&folder, "dog.4.jpg", 25, 25, 4);
    folder_photo(&folder, "photo.jpg", 25, 25, 4);
    folder_photo(&folder, "all.jpg", 25, 25, 4);
}

START_TEST(bad_photos_are_skipped)
{
    static const struct {
        const char *name;
        cnn_status_t status;
        const char *reason;
    } skipped[] = {{"all.jpg", CNN_ERROR_DATA, "class"},   {"cat.2.jpg", CNN_ERROR_IMAGE, "empty"},
                   {"cat.3.jpg", CNN_ERROR_IMAGE, ""},     {"dog.1.jpg", CNN_ERROR_IMAGE, "PNG"},
                   {"dog.3.jpg", CNN_ERROR_IMAGE, "JPEG"}, {"dog.4.jpg", CNN_ERROR_IO, ""},
                   {"photo.jpg", CNN_ERROR_DATA, "class"}};
    static const char *const kept[] = {"cat.1.jpg", "cat.4.jpg", "dog.2.jpg"};
    cnn_dataset_t *dataset;

    make_mixed_photos();
    dataset = open_folder(context, 0);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 8);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 2);
    ck_assert_int_eq(unlink(folder_path(&folder, "dog.4.jpg")), 0); /* vanishes before the load */
    load(dataset, &small);

    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 3);
    for (size_t i = 0; i < 3; i++) {
        cnn_sample_t sample = sample_of(dataset, i);
        ck_assert_str_eq(sample.path, folder_path(&folder, kept[i]));
        ck_assert_uint_eq(sample.label, i < 2);
        has_right_pixels(dataset, i, &small);
    }
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 7);
    for (size_t i = 0; i < 7; i++) {
        cnn_skipped_t found = skipped_of(dataset, i);
        ck_assert_str_eq(found.path, folder_path(&folder, skipped[i].name));
        ck_assert_int_eq(found.status, skipped[i].status);
        ck_assert_msg(strstr(found.reason, skipped[i].reason) != NULL, "%s: \"%s\"", found.path,
                      found.reason);
        ck_assert_uint_gt(strlen(found.reason), 5);
        ck_assert_ptr_null(strstr(found.reason, folder.path)); /* the path stands beside it */
    }

    /* Another size: the list grows once more, in order. */
    const cnn_preprocess_t other = {.struct_size = sizeof other, .height = 5, .width = 4};
    ck_assert_int_eq(unlink(folder_path(&folder, "cat.4.jpg")), 0);
    load(dataset, &other);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 2);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 8);
    ck_assert_str_eq(skipped_of(dataset, 3).path, folder_path(&folder, "cat.4.jpg"));
    has_right_pixels(dataset, 0, &other);
    has_right_pixels(dataset, 1, &other);
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(strict)
{
    for (uint32_t threads = 1; threads <= 4; threads++) {
        char expected[FOLDER_PATH_SIZE + 32];
        cnn_context_t *with = context_with_threads(threads);
        if (threads == 1) {
            make_mixed_photos();
            unlink(folder_path(&folder, "all.jpg"));
            unlink(folder_path(&folder, "photo.jpg"));
        }
        cnn_dataset_t *dataset = open_folder(with, 1);
        ck_assert_int_eq(cnn_dataset_load(dataset, &small, NULL), CNN_ERROR_IMAGE);
        /* The first by path, whichever thread came first. */
        snprintf(expected, sizeof expected, "%s: ", folder_path(&folder, "cat.2.jpg"));
        ck_assert_msg(strncmp(cnn_error_message(), expected, strlen(expected)) == 0, "%s",
                      cnn_error_message());
        ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 8);
        ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 0);
        ck_assert_ptr_null(sample_of(dataset, 0).pixels);
        cnn_dataset_free(dataset);
        cnn_context_free(with);
    }
}
END_TEST

START_TEST(nothing_left)
{
    folder_touch(&folder, "cat.1.jpg");
    folder_touch(&folder, "dog.1.jpg");
    cnn_dataset_t *dataset = open_folder(context, 0);
    ck_assert_int_eq(cnn_dataset_load(dataset, &small, NULL), CNN_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "cat.1.jpg"));
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 2);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 0);
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(limits)
{
    const cnn_image_options_t pixels = {.struct_size = sizeof pixels, .max_pixels = 600};
    cnn_dataset_open_options_t options = {.struct_size = sizeof options, .image = &pixels};
    cnn_dataset_t *dataset;

    folder_photo(&folder, "cat.1.jpg", 20, 30, 1);
    folder_photo(&folder, "dog.1.jpg", 30, 20, 1);
    folder_photo(&folder, "dog.2.jpg", 30, 21, 1);
    ck_assert_int_eq(cnn_dataset_open(context, folder.path, &options, &dataset), CNN_OK);
    load(dataset, &small);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 2);
    ck_assert_int_eq(skipped_of(dataset, 0).status, CNN_ERROR_IMAGE);
    ck_assert_str_eq(skipped_of(dataset, 0).path, folder_path(&folder, "dog.2.jpg"));
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(any_number_of_threads)
{
    static const uint32_t threads[] = {1, 2, 7};
    cnn_context_t *contexts[3];
    cnn_dataset_t *datasets[3];

    make_photos(16);
    folder_touch(&folder, "cat.99.jpg");
    for (int t = 0; t < 3; t++) {
        contexts[t] = context_with_threads(threads[t]);
        datasets[t] = open_folder(contexts[t], 0);
        load(datasets[t], &small);
        ck_assert_uint_eq(cnn_dataset_sample_count(datasets[t]), 16);
        ck_assert_uint_eq(cnn_dataset_skipped_count(datasets[t]), 1);
        for (size_t i = 0; i < 16; i++)
            ck_assert_mem_eq(sample_of(datasets[t], i).pixels, sample_of(datasets[0], i).pixels,
                             PICTURE);
    }
    ck_assert_mem_ne(sample_of(datasets[0], 0).pixels, sample_of(datasets[0], 1).pixels, PICTURE);
    for (int t = 0; t < 3; t++) {
        cnn_dataset_free(datasets[t]);
        cnn_context_free(contexts[t]);
    }
}
END_TEST

struct watch {
    size_t calls, last, total;
    size_t stop_at; /* returns 1 at this call; 0 = never */
    cnn_cancel_t *cancel;
    size_t cancel_at;
    int wrong;
};

static int watch_progress(size_t done, size_t total, void *user)
{
    struct watch *watch = user;

    watch->calls++;
    watch->wrong |= done != watch->last + 1 || (watch->total && watch->total != total);
    watch->last = done;
    watch->total = total;
    if (watch->calls == watch->cancel_at)
        cnn_cancel_request(watch->cancel);
    return watch->calls == watch->stop_at;
}

static cnn_status_t load_watched(cnn_dataset_t *dataset, struct watch *watch)
{
    cnn_dataset_load_options_t options = {.struct_size = sizeof options,
                                          .progress = watch_progress,
                                          .user = watch,
                                          .cancel = watch->cancel};
    return cnn_dataset_load(dataset, &small, &options);
}

START_TEST(progress)
{
    struct watch watch = {0}, again = {0};

    make_photos(12);
    folder_touch(&folder, "cat.99.jpg"); /* a failure counts as done, too */
    cnn_dataset_t *dataset = open_folder(context, 0);
    ck_assert_int_eq(load_watched(dataset, &watch), CNN_OK);
    ck_assert_int_eq(watch.wrong, 0);
    ck_assert_uint_eq(watch.calls, 13);
    ck_assert_uint_eq(watch.last, 13);
    ck_assert_uint_eq(watch.total, 13);
    ck_assert_int_eq(load_watched(dataset, &again), CNN_OK); /* nothing to do */
    ck_assert_uint_eq(again.calls, 0);
    cnn_dataset_free(dataset);
}
END_TEST

static void cancelled(cnn_dataset_t *dataset, struct watch *watch, size_t calls_at_most)
{
    ck_assert_int_eq(load_watched(dataset, watch), CNN_ERROR_CANCELLED);
    ck_assert_int_eq(watch->wrong, 0);
    ck_assert_uint_le(watch->calls, calls_at_most);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 13);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 0);
    ck_assert_ptr_null(sample_of(dataset, 0).pixels);
}

START_TEST(cancelling)
{
    cnn_cancel_t *cancel;

    make_photos(12);
    folder_touch(&folder, "cat.99.jpg");
    cnn_dataset_t *dataset = open_folder(context, 0);
    cancelled(dataset, &(struct watch){.stop_at = 5}, 5);
    cancelled(dataset, &(struct watch){.stop_at = 1}, 1);
    cancelled(dataset, &(struct watch){.stop_at = 13}, 13);

    ck_assert_int_eq(cnn_cancel_create(context, &cancel), CNN_OK);
    /* The other thread may be in the middle of a photo. */
    cancelled(dataset, &(struct watch){.cancel = cancel, .cancel_at = 4}, 6);
    cancelled(dataset, &(struct watch){.cancel = cancel}, 0); /* it is still requested */
    cnn_cancel_free(cancel);

    load(dataset, &small);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 12);
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(loading_again)
{
    cnn_preprocess_t shifted = small, letterbox = small;

    make_photos(4);
    cnn_dataset_t *dataset = open_folder(context, 0);
    load(dataset, &small);
    const uint8_t *pixels = sample_of(dataset, 0).pixels;

    shifted.mean[1] = 0.5f;
    shifted.std[2] = 2;
    ck_assert_int_eq(unlink(folder_path(&folder, "cat.1.jpg")), 0);
    load(dataset, &shifted); /* the same pixels: no file is looked at */
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 4);
    ck_assert_ptr_eq(sample_of(dataset, 0).pixels, pixels);
    ck_assert(dataset->preprocess.mean[1] == 0.5f && dataset->preprocess.std[2] == 2);
    ck_assert(dataset->preprocess.std[0] == 1);

    letterbox.fit = CNN_FIT_LETTERBOX;
    load(dataset, &letterbox);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 3);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 1);
    for (size_t i = 0; i < 3; i++)
        has_right_pixels(dataset, i, &letterbox);

    cnn_preprocess_t wrong = small;
    wrong.std[0] = -1;
    ck_assert_int_eq(cnn_dataset_load(dataset, &wrong, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_load(NULL, &small, NULL), CNN_ERROR_ARGUMENT);
    has_right_pixels(dataset, 0, &letterbox);
    cnn_dataset_free(dataset);
}
END_TEST

static const char *const three[] = {"a", "b", "c"};

START_TEST(from_memory)
{
    enum { N = 5, H = 9, W = 7 };
    static const uint32_t labels[N] = {2, 0, 1, 2, 0};
    const cnn_preprocess_t same = {.struct_size = sizeof same, .height = H, .width = W};
    uint8_t pixels[N][H * W * 3], expected[PICTURE];
    cnn_dataset_t *dataset, *train, *validation;

    for (size_t i = 0; i < sizeof pixels; i++)
        (&pixels[0][0])[i] = (uint8_t)(i * i >> 3);
    ck_assert_int_eq(from_pixels(context, &pixels[0][0], labels, N, H, W, three, 3,
                                             &dataset),
                     CNN_OK);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), N);
    ck_assert_uint_eq(cnn_dataset_class_count(dataset), 3);
    for (size_t i = 0; i < N; i++) {
        cnn_sample_t sample = sample_of(dataset, i);
        ck_assert_str_eq(sample.path, "");
        ck_assert_uint_eq(sample.label, labels[i]);
        ck_assert_mem_eq(sample.pixels, pixels[i], sizeof pixels[i]);
    }
    load(dataset, &same); /* the size that they have */
    for (size_t i = 0; i < N; i++)
        ck_assert_mem_eq(sample_of(dataset, i).pixels, pixels[i], sizeof pixels[i]);

    cnn_dataset_split_options_t options = {.struct_size = sizeof options, .validation = 2};
    ck_assert_int_eq(cnn_dataset_split(dataset, &options, &train, &validation), CNN_OK);
    cnn_dataset_free(validation);
    cnn_dataset_free(dataset);
    /* To another size and to a third: each time from the pixels as given. */
    const cnn_preprocess_t tiny = {.struct_size = sizeof tiny, .height = 1, .width = 1};
    load(train, &tiny);
    load(train, &small);
    for (size_t i = 0; i < 3; i++) {
        const size_t original = train->samples[i].number;
        ck_assert_uint_eq(sample_of(train, i).label, labels[original]);
        ck_assert_int_eq(
            cnn_preprocess_apply_rgb(context, &small, pixels[original], H, W, 0, expected), CNN_OK);
        ck_assert_mem_eq(sample_of(train, i).pixels, expected, PICTURE);
    }
    load(train, &same);
    ck_assert_ptr_eq(train->pixel_block, train->source_block);
    cnn_dataset_free(train);
}
END_TEST

START_TEST(from_memory_arguments)
{
    static const uint8_t pixels[2 * 3] = {0};
    static const uint32_t labels[2] = {0, 2};
    cnn_dataset_t *dataset;
#define REFUSED(...)                                                                      \
    ck_assert_int_eq(from_pixels(__VA_ARGS__, &dataset), CNN_ERROR_ARGUMENT); \
    ck_assert_ptr_null(dataset)

    REFUSED(NULL, pixels, labels, 2, 1, 1, three, 3);
    REFUSED(context, NULL, labels, 2, 1, 1, three, 3);
    REFUSED(context, pixels, NULL, 2, 1, 1, three, 3);
    REFUSED(context, pixels, labels, 0, 1, 1, three, 3);
    REFUSED(context, pixels, labels, 2, 0, 1, three, 3);
    REFUSED(context, pixels, labels, 2, 1, 65536, three, 3);
    REFUSED(context, pixels, labels, 2, 1, 1, NULL, 3);
    REFUSED(context, pixels, labels, 1, 1, 1, three, 1);
    REFUSED(context, pixels, labels, 2, 1, 1, three, 2); /* a label without class */
#undef REFUSED
    ck_assert_int_eq(from_pixels(context, pixels, labels, 2, 1, 1, three, 3, NULL),
                     CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(need_is_known)
{
    make_photos(3);
    cnn_dataset_t *dataset = open_folder(context, 0);
    const cnn_preprocess_t wrong = {.struct_size = sizeof wrong, .height = 65536};

    ck_assert_uint_eq(cnn_dataset_load_bytes(dataset, NULL), 3 * 94 * 125 * 3);
    ck_assert_uint_eq(cnn_dataset_load_bytes(dataset, &small), 3 * PICTURE);
    ck_assert_uint_eq(cnn_dataset_load_bytes(dataset, &wrong), 0);
    ck_assert_uint_eq(cnn_dataset_load_bytes(NULL, &small), 0);
    const size_t count = dataset->count;
    const cnn_preprocess_t large = {.struct_size = sizeof large, .height = 65535, .width = 65535};
    dataset->count = SIZE_MAX;
    ck_assert_uint_eq(cnn_dataset_load_bytes(dataset, &large), UINT64_MAX);
    dataset->count = count;
    cnn_dataset_free(dataset);
}
END_TEST

/* Parts share the whole's pixels, and everything lives as long as somebody holds it. */
START_TEST(freed_in_any_order)
{
    struct failing_allocator allocator = {0};
    cnn_dataset_t *train, *validation;
    cnn_dataset_split_options_t options = {.struct_size = sizeof options, .validation = 4};

    make_photos(10);
    cnn_context_t *own = failing_allocator_context(&allocator, 2);
    cnn_dataset_t *dataset = open_folder(own, 0);
    cnn_context_free(own);
    load(dataset, &small);
    ck_assert_int_eq(cnn_dataset_split(dataset, &options, &train, &validation), CNN_OK);
    ck_assert_ptr_eq(train->pixel_block, dataset->pixel_block);
    ck_assert_ptr_eq(validation->pixel_block, dataset->pixel_block);
    cnn_dataset_free(dataset);
    for (size_t i = 0; i < 6; i++)
        has_right_pixels(train, i, &small);
    cnn_dataset_free(train);
    for (size_t i = 0; i < 4; i++)
        has_right_pixels(validation, i, &small);
    const cnn_preprocess_t other = {.struct_size = sizeof other, .height = 3, .width = 2};
    load(validation, &other);
    has_right_pixels(validation, 3, &other);
    cnn_dataset_free(validation);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}
END_TEST

/* Everything from the folder to loaded parts. */
static cnn_status_t whole_way(cnn_context_t *with)
{
    cnn_dataset_t *dataset, *train = NULL, *validation = NULL;
    cnn_dataset_split_options_t options = {.struct_size = sizeof options, .validation = 3};
    const char *const classes[] = {"dogs", "CAT"};
    cnn_dataset_open_options_t given = {
        .struct_size = sizeof given, .classes = classes, .n_classes = 2};

    cnn_status_t rc = cnn_dataset_open(with, folder.path, &given, &dataset);
    if (rc == CNN_OK)
        rc = cnn_dataset_load(dataset, &small, NULL);
    if (rc == CNN_OK)
        rc = cnn_dataset_split(dataset, &options, &train, &validation);
    if (rc == CNN_OK)
        rc = cnn_dataset_load(train, NULL, NULL);
    cnn_dataset_free(dataset);
    cnn_dataset_free(train);
    cnn_dataset_free(validation);
    return rc;
}

START_TEST(no_memory_at_any_request)
{
    struct failing_allocator allocator = {0};
    const uint32_t threads = (uint32_t)_i + 1;
    int failures = 0;

    make_photos(6);
    folder_touch(&folder, "cat.99.jpg");
    folder_touch(&folder, "photo.jpg");
    cnn_context_t *own = failing_allocator_context(&allocator, threads);
    const size_t live = atomic_load(&allocator.live);
    for (size_t n = 1;; n++) {
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = whole_way(own);
        ck_assert_uint_eq(atomic_load(&allocator.live), live);
        if (!failing_allocator_failed(&allocator)) {
            ck_assert_int_eq(rc, CNN_OK);
            break;
        }
        ck_assert_msg(rc == CNN_ERROR_MEMORY, "request %zu: %d, %s", n, (int)rc,
                      cnn_error_message());
        failures++;
    }
    ck_assert_int_gt(failures, 50);
    cnn_context_free(own);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}
END_TEST

static cnn_status_t memory_way(cnn_context_t *with)
{
    static const uint8_t pixels[4 * 2 * 2 * 3] = {1, 2, 3};
    static const uint32_t labels[4] = {0, 1, 2, 1};
    cnn_dataset_t *dataset;

    cnn_status_t rc = from_pixels(with, pixels, labels, 4, 2, 2, three, 3, &dataset);
    if (rc == CNN_OK)
        rc = cnn_dataset_load(dataset, &small, NULL);
    cnn_dataset_free(dataset);
    return rc;
}

START_TEST(no_memory_for_pixels_at_any_request)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 2);
    const size_t live = atomic_load(&allocator.live);

    for (size_t n = 1;; n++) {
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = memory_way(own);
        ck_assert_uint_eq(atomic_load(&allocator.live), live);
        ck_assert_int_eq(rc, failing_allocator_failed(&allocator) ? CNN_ERROR_MEMORY : CNN_OK);
        if (rc == CNN_OK)
            break;
    }
    cnn_context_free(own);
}
END_TEST

Suite *suite_load(void)
{
    Suite *suite = suite_create("load");
    TCase *tcase = tcase_create("load");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, bad_photos_are_skipped);
    tcase_add_test(tcase, strict);
    tcase_add_test(tcase, nothing_left);
    tcase_add_test(tcase, limits);
    tcase_add_test(tcase, any_number_of_threads);
    tcase_add_test(tcase, progress);
    tcase_add_test(tcase, cancelling);
    tcase_add_test(tcase, loading_again);
    tcase_add_test(tcase, from_memory);
    tcase_add_test(tcase, from_memory_arguments);
    tcase_add_test(tcase, need_is_known);
    tcase_add_test(tcase, freed_in_any_order);
    tcase_add_loop_test(tcase, no_memory_at_any_request, 0, 2);
    tcase_add_test(tcase, no_memory_for_pixels_at_any_request);
    suite_add_tcase(suite, tcase);
    return suite;
}
