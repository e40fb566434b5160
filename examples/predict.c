/* SPDX-License-Identifier: MIT
 *
 * Predicts the class of a photo with as little code as possible: predict MODEL PHOTO
 *
 *     cc predict.c $(pkg-config --cflags --libs catdog) -o predict */
#include <catdog/catdog.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    cnn_context_t *context = NULL;
    cnn_model_t *model = NULL;
    cnn_session_t *session = NULL;
    cnn_prediction_t p = CNN_INIT(cnn_prediction_t);

    if (argc != 3) {
        fprintf(stderr, "usage: %s MODEL PHOTO\n", argv[0]);
        return 2;
    }
    int good = cnn_context_create(NULL, &context) == CNN_OK &&
               cnn_model_load(context, argv[1], &model) == CNN_OK &&
               cnn_session_create(model, NULL, &session) == CNN_OK &&
               cnn_session_predict_file(session, argv[2], &p) == CNN_OK;
    if (good)
        printf("%s: %s (%.1f %%)\n", argv[2], p.class_name, 100.0 * (double)p.probability);
    else
        fprintf(stderr, "%s\n", cnn_error_message());
    cnn_session_free(session);
    cnn_model_free(model);
    cnn_context_free(context);
    return good ? 0 : 1;
}
