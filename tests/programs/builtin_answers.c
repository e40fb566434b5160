/* SPDX-License-Identifier: MIT
 *
 * Prints tests/model/builtin_answers.h: the predictions of the built-in model for generated images.
 * Run it after replacing the model:
 *
 *     make test-programs && build/tests/programs/builtin_answers >tests/model/builtin_answers.h */
#include <stdio.h>

#include "support/builtin_pictures.h"

int main(void)
{
    cnn_context_t *context;
    cnn_model_t *model;
    cnn_session_t *session;

    if (cnn_context_create(NULL, &context) != CNN_OK ||
        cnn_model_load_builtin(context, &model) != CNN_OK ||
        cnn_session_create(model, NULL, &session) != CNN_OK) {
        fprintf(stderr, "%s\n", cnn_error_message());
        return 1;
    }
    puts("/* SPDX-License-Identifier: MIT\n"
         " *\n"
         " * Probabilities of a cat: printed by tests/programs/builtin_answers.c, which says how. "
         "*/\n"
         "#ifndef TESTS_IO_BUILTIN_ANSWERS_H\n"
         "#define TESTS_IO_BUILTIN_ANSWERS_H\n\n"
         "static const double builtin_answers[] = {");
    for (size_t i = 0; i < BUILTIN_PICTURES; i++)
        printf("    %.9f,\n", builtin_picture_answer(session, i));
    puts("};\n\n#endif");
    cnn_session_free(session);
    cnn_model_free(model);
    cnn_context_free(context);
    return 0;
}
