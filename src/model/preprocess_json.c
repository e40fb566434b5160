/* SPDX-License-Identifier: MIT */
#include "model/preprocess_json.h"

#include <string.h>

#include "image/preprocess.h"

static int set_name(json_t *object, const char *key, const struct cd_enum_names *names, int value)
{
    return json_object_set_new(object, key, json_string(cd_enum_name(names, value)));
}

json_t *cd_preprocess_to_json(const cnn_preprocess_t *preprocess)
{
    const size_t pad[3] = {preprocess->pad[0], preprocess->pad[1], preprocess->pad[2]};
    json_t *object = json_object();
    int failed = json_object_set_new(object, "height", json_integer(preprocess->height)) |
                 json_object_set_new(object, "width", json_integer(preprocess->width)) |
                 set_name(object, "fit", &cd_fit_names, preprocess->fit) |
                 cd_json_set_uints(object, "pad", pad, 3) |
                 cd_json_set_floats(object, "mean", preprocess->mean, 3) |
                 cd_json_set_floats(object, "std", preprocess->std, 3);

    /* Left out where it is the default, so that older versions can read the file. */
    if (preprocess->decode != CNN_DECODE_FULL)
        failed |= set_name(object, "decode", &cd_decode_names, preprocess->decode);
    return cd_json_finish(object, failed);
}

cnn_status_t cd_preprocess_from_json(const char *text, cnn_preprocess_t *preprocess)
{
    struct cd_json_reader reader = {0};
    uint32_t pad[3];
    int fit = 0, decode = CNN_DECODE_FULL;
    cnn_status_t rc;

    CD_TRY(cd_json_parse(text, strlen(text), &reader.object));
    *preprocess = (cnn_preprocess_t){.struct_size = sizeof *preprocess};
    CD_TRY_FAIL(cd_json_uint(&reader, "height", &preprocess->height));
    CD_TRY_FAIL(cd_json_uint(&reader, "width", &preprocess->width));
    CD_TRY_FAIL(cd_json_enum(&reader, "fit", &cd_fit_names, &fit));
    CD_TRY_FAIL(cd_json_uints(&reader, "pad", pad, 3));
    CD_TRY_FAIL(cd_json_floats(&reader, "mean", preprocess->mean, 3));
    CD_TRY_FAIL(cd_json_floats(&reader, "std", preprocess->std, 3));
    if (json_object_get(reader.object, "decode")) /* missing in older files: full */
        CD_TRY_FAIL(cd_json_enum(&reader, "decode", &cd_decode_names, &decode));
    CD_TRY_FAIL(cd_json_done(&reader));
    preprocess->fit = (cnn_fit_t)fit;
    preprocess->decode = (cnn_decode_t)decode;
    for (int c = 0; c < 3; c++) {
        preprocess->pad[c] = (uint8_t)pad[c];
        if (pad[c] > UINT8_MAX || preprocess->std[c] <= 0)
            rc = cd_error(CNN_ERROR_MODEL_FILE, "\"%s\" is out of range",
                          pad[c] > UINT8_MAX ? "pad" : "std");
    }
    if (preprocess->height == 0 || preprocess->width == 0) /* 0 would mean the default */
        rc = cd_error(CNN_ERROR_MODEL_FILE, "its size is 0");
fail:
    json_decref(reader.object);
    return rc;
}
