/* SPDX-License-Identifier: MIT
 *
 * Predicts with one model in many threads, without locks. Each thread has its own session:
 *     threads MODEL PHOTO...
 *
 *     cc -pthread threads.c $(pkg-config --cflags --libs catdog) -o threads */
#include <catdog/catdog.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define THREADS 4

struct worker {
    const cnn_model_t *model; /* shared by all threads, which only read it */
    char **photos;
    int n, first; /* the thread predicts photos first, first + THREADS, ... below n */
    int failed;
};

static void *work(void *argument)
{
    struct worker *w = argument;
    cnn_session_t *session = NULL;
    cnn_prediction_t p = CNN_INIT(cnn_prediction_t);

    if (cnn_session_create(w->model, NULL, &session) != CNN_OK) {
        fprintf(stderr, "%s\n", cnn_error_message()); /* the message of this thread */
        w->failed = 1;
        return NULL;
    }
    for (int i = w->first; i < w->n; i += THREADS) {
        if (cnn_session_predict_file(session, w->photos[i], &p) == CNN_OK) {
            printf("%s\t%s\t%.4f\n", w->photos[i], p.class_name, (double)p.probability);
        } else {
            fprintf(stderr, "%s\n", cnn_error_message());
            w->failed = 1;
        }
    }
    cnn_session_free(session);
    return NULL;
}

/* Starts the threads and waits for them. Returns the number of threads that failed. */
static int run(const cnn_model_t *model, char **photos, int n)
{
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    int started = 0, failed = 0;

    for (; started < THREADS; started++) {
        struct worker w = {model, photos, n, started, 0};
        workers[started] = w;
        int error = pthread_create(&threads[started], NULL, work, &workers[started]);
        if (error) {
            fprintf(stderr, "a thread cannot be started: %s\n", strerror(error));
            failed++;
            break;
        }
    }
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
        failed += workers[i].failed;
    }
    return failed;
}

int main(int argc, char **argv)
{
    cnn_context_options_t options = CNN_INIT(cnn_context_options_t);
    cnn_context_t *context = NULL;
    cnn_model_t *model = NULL;
    int failed = 1;

    if (argc < 3) {
        fprintf(stderr, "usage: %s MODEL PHOTO...\n", argv[0]);
        return 2;
    }
    options.threads = 1; /* the program starts its own threads */
    if (cnn_context_create(&options, &context) == CNN_OK &&
        cnn_model_load(context, argv[1], &model) == CNN_OK)
        failed = run(model, argv + 2, argc - 2);
    else
        fprintf(stderr, "%s\n", cnn_error_message());
    cnn_model_free(model);
    cnn_context_free(context);
    return failed ? 1 : 0;
}
