/* SPDX-License-Identifier: MIT */
#include "photos/labelled_photos.h"

#include <stdlib.h>

#include "base/output.h"

int labelled_photos_load(const struct tool *tool, const cnn_model_t *model,
                         const struct labelled_photos *photos, cnn_dataset_t **dataset)
{
    cnn_dataset_open_options_t options = CNN_INIT(cnn_dataset_open_options_t);
    cnn_preprocess_t preprocess = CNN_INIT(cnn_preprocess_t);
    size_t n = cnn_model_class_count(model);
    const char **classes = calloc(n + 1, sizeof *classes);
    int rc = EXIT_SUCCESS;

    *dataset = NULL;
    if (!classes)
        return output_no_memory();
    for (size_t i = 0; i < n; i++)
        classes[i] = cnn_model_class_name(model, i);
    options.classes = classes;
    options.n_classes = n;
    options.strict = photos->strict;
    options.layout = (cnn_layout_t)photos->layout;
    rc = subset_open(tool, photos->folder, &options, &photos->choice, dataset);
    if (rc != EXIT_SUCCESS)
        goto done;
    TOOL_TRY(rc, cnn_model_preprocess(model, &preprocess));
    rc = photos_load(tool, *dataset, &preprocess, &photos->store, "loading");
done:
    free(classes);
    return rc;
}
