/* SPDX-License-Identifier: MIT
 *
 * Tests handles after fork(): the child and the parent both predict and train with them, and get
 * bit-for-bit the same results. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catdog/catdog.h>

#include "support/children.h"

enum { HEIGHT = 20, WIDTH = 24, PHOTOS = 24, BATCH = 8, SIZE = HEIGHT * WIDTH * 3 };

static cnn_context_t *context;
static cnn_model_t *model;
static cnn_session_t *session;
static cnn_dataset_t *photos;
static float x[PHOTOS * SIZE];

static void make_handles(void)
{
    static uint8_t rgb[PHOTOS * SIZE];
    static const char *const classes[] = {"0", "1"};
    static uint32_t labels[PHOTOS];
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 3, .seed = 7};
    const cnn_session_options_t batches = {.struct_size = sizeof batches, .batch_size = BATCH};
    cnn_graph_t *graph;

    for (size_t i = 0; i < PHOTOS * SIZE; i++) {
        rgb[i] = (uint8_t)(i * 2654435761u >> 13);
        x[i] = (float)rgb[i] / 255.0f;
    }
    for (size_t i = 0; i < PHOTOS; i++)
        labels[i] = i % 2;
    const cnn_pixels_t pixels = {.struct_size = sizeof pixels,
                                 .rgb = rgb,
                                 .labels = labels,
                                 .n_images = PHOTOS,
                                 .height = HEIGHT,
                                 .width = WIDTH,
                                 .classes = classes,
                                 .n_classes = 2};
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    ck_assert_int_eq(cnn_graph_create_preset(context, "conv24", HEIGHT, WIDTH, 1, &graph), CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &model), CNN_OK);
    ck_assert_int_eq(cnn_session_create(model, &batches, &session), CNN_OK);
    ck_assert_int_eq(cnn_dataset_create(context, &pixels, &photos), CNN_OK);
    cnn_graph_free(graph);
}

static void free_handles(void)
{
    cnn_dataset_free(photos);
    cnn_session_free(session);
    cnn_model_free(model);
    cnn_context_free(context);
}

/* Computes the network's outputs before and after an epoch of training. Returns 0 if a call
 * fails. */
static int work(float y[2 * PHOTOS])
{
    const cnn_train_options_t options = {.struct_size = sizeof options, .epochs = 1,
                                         .batch_size = BATCH, .learning_rate = 1e-3f};
    return cnn_session_run(session, x, PHOTOS, y) == CNN_OK &&
           cnn_model_train(model, photos, NULL, &options, NULL) == CNN_OK &&
           cnn_session_run(session, x, PHOTOS, y + PHOTOS) == CNN_OK;
}

/* Reads the outputs that the child has computed from the pipe. */
static void read_all(int from, void *to, size_t size)
{
    for (size_t have = 0; have < size;) {
        const ssize_t more = read(from, (char *)to + have, size - have);
        ck_assert_msg(more > 0, "the child says nothing");
        have += (size_t)more;
    }
}

START_TEST(child_and_parent_go_on)
{
    float before[PHOTOS], own[2 * PHOTOS], childs[2 * PHOTOS];
    int pipes[2], status = -1;

    make_handles();
    ck_assert_int_eq(cnn_session_run(session, x, PHOTOS, before), CNN_OK);
    ck_assert_int_eq(pipe(pipes), 0);
    const pid_t child = fork();
    if (child == 0) {
        alarm(30);
        const int good = work(own) && write(pipes[1], own, sizeof own) == (ssize_t)sizeof own;
        free_handles();
        _exit(!good);
    }
    ck_assert_int_gt(child, 0);
    close(pipes[1]);
    ck_assert(work(own));
    read_all(pipes[0], childs, sizeof childs);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(memcmp(before, own, sizeof before), 0);
    ck_assert_int_ne(memcmp(own, own + PHOTOS, sizeof before), 0);
    ck_assert_int_eq(memcmp(own, childs, sizeof own), 0);
    close(pipes[0]);
    free_handles();
}
END_TEST

Suite *suite_fork(void)
{
    Suite *suite = suite_create("fork");
    TCase *tcase = tcase_create("fork");

    tcase_set_timeout(tcase, 60);
    if (CHILDREN_MAY_START_THREADS)
        tcase_add_test(tcase, child_and_parent_go_on);
    suite_add_tcase(suite, tcase);
    return suite;
}
