/* SPDX-License-Identifier: MIT
 *
 * Calibration of a model by temperature scaling (Guo et al. 2017). */
#ifndef CD_EVALUATE_CALIBRATE_H
#define CD_EVALUATE_CALIBRATE_H

#include "data/dataset.h"
#include "model/model.h"

/* Calibrates the model as cnn_model_calibrate does. options: with all defaults filled in. Errors:
 * as for cnn_model_calibrate. */
cnn_status_t cd_calibrate(cnn_model_t *model, cnn_dataset_t *data,
                          const cnn_evaluate_options_t *options, cnn_calibration_t *result);

#endif
