/* SPDX-License-Identifier: MIT
 *
 * Calibration: what a model says before its last activation, the temperature for that, and the
 * model changed by it. */
#ifndef CD_EVALUATE_CALIBRATE_H
#define CD_EVALUATE_CALIBRATE_H

#include "data/dataset.h"
#include "model/model.h"

/* As cnn_model_calibrate. options: complete. */
cnn_status_t cd_calibrate(cnn_model_t *model, cnn_dataset_t *data,
                          const cnn_evaluate_options_t *options, cnn_calibration_t *result);

#endif
