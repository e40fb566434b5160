/* SPDX-License-Identifier: MIT */
#include "training/recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"

int recipe_read(const char *file, cnn_train_options_t *fit, cnn_preprocess_t *preprocess,
                struct recipe_texts *texts, uint64_t *seed, const char **preset)
{
    struct tool tool;
    cnn_recipe_t *recipe = NULL;
    int rc = tool_open(&tool, 1, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, cnn_recipe_load(tool.context, file, &recipe));
    TOOL_TRY(rc, cnn_recipe_train_options(recipe, fit));
    TOOL_TRY(rc, cnn_recipe_preprocess(recipe, preprocess));
    if (fit->n_class_weights > RECIPE_WEIGHTS) {
        rc = output_failure("%s: more than %d class weights", file, RECIPE_WEIGHTS);
        goto done;
    }
    if (fit->class_weights) {
        memcpy(texts->class_weights, fit->class_weights,
               fit->n_class_weights * sizeof *texts->class_weights);
        fit->class_weights = texts->class_weights;
    }
    if (fit->freeze) { /* a layer's name always fits into the array */
        snprintf(texts->freeze, sizeof texts->freeze, "%s", fit->freeze);
        fit->freeze = texts->freeze;
    }
    if (fit->seed)
        *seed = fit->seed;
    fit->seed = 0;
    if (preset)
        *preset = cnn_recipe_preset(recipe);
done:
    cnn_recipe_free(recipe);
    tool_close(&tool);
    return rc;
}
