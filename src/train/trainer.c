/* SPDX-License-Identifier: MIT */
#include "train/trainer.h"

#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "core/memory.h"
#include "plan/tune.h"
#include "train/freeze.h"

cnn_status_t cd_trainer_init(cnn_model_t *model, const cnn_train_options_t *options, size_t batch,
                             struct cd_trainer *trainer)
{
    const cnn_graph_t *graph = model->graph;
    struct cd_plan_options how = {.batch = batch, .training = 1};
    cnn_status_t rc;

    *trainer = (struct cd_trainer){
        .context = model->context,
        .model = model,
        .loss = options->loss,
        .seed = options->seed,
        .batch = batch,
        .outputs = cd_shape_size(cd_graph_output(graph)->shape),
    };
    CD_TRY_FAIL(cd_freeze_nodes(graph, options->freeze, &how.frozen_nodes));
    trainer->frozen_nodes = how.frozen_nodes;
    CD_TRY_FAIL(cd_plan_create_tuned(graph, &how, &trainer->plan));
    CD_TRY_FAIL(cd_optimizer_init(graph, trainer->plan, options, &trainer->optimizer));
    trainer->gradients = cd_alloc(trainer->context, trainer->optimizer.gradients, sizeof(float));
    trainer->dy = cd_alloc(trainer->context, batch, trainer->outputs * sizeof(float));
    if (!trainer->gradients || !trainer->dy) {
        rc = cd_error_memory();
        goto fail;
    }
    return CNN_OK;
fail:
    cd_trainer_release(trainer);
    return rc;
}

void cd_trainer_release(struct cd_trainer *trainer)
{
    if (!trainer->context)
        return;
    cd_plan_free(trainer->plan);
    cd_optimizer_release(&trainer->optimizer);
    cd_free(trainer->context, trainer->gradients);
    cd_free(trainer->context, trainer->dy);
    memset(trainer, 0, sizeof *trainer);
}

double cd_trainer_step(struct cd_trainer *trainer, const float *x,
                       const struct cd_targets *targets, size_t n, uint64_t step, double rate,
                       float *outputs)
{
    cnn_model_t *model = trainer->model;
    const float *y = cd_plan_forward(trainer->plan, model->weights, model->statistics, x, n,
                                     trainer->seed, step);
    /* the forward pass changes the statistics, the update below the weights */
    cd_model_changed(model);
    double loss = cd_loss_batch(trainer->loss, y, targets, n, trainer->outputs, trainer->dy);

    memcpy(outputs, y, n * trainer->outputs * sizeof *y);
    if (!isfinite(loss))
        return loss;
    const struct cd_backward_pass pass = {
        .plan = trainer->plan,
        .weights = model->weights,
        .dy = trainer->dy,
        .before_activation = cd_loss_before_activation(trainer->loss),
        .gradients = trainer->gradients,
    };
    cd_optimizer_backward(&trainer->optimizer, step + 1, rate, &pass);
    const double start = trainer->update_seconds ? cd_clock_seconds() : 0.0;
    cd_optimizer_step(&trainer->optimizer, step + 1, rate, trainer->gradients, model->weights);
    if (trainer->update_seconds)
        *trainer->update_seconds = cd_clock_seconds() - start;
    return loss;
}

int cd_all_finite(const float *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return 0;
    return 1;
}

int cd_trainer_finite(const struct cd_trainer *trainer)
{
    const struct cd_optimizer *optimizer = &trainer->optimizer;
    const cnn_model_t *model = trainer->model;

    for (size_t i = 0; i < CD_OPTIMIZER_MOMENTS; i++)
        if (optimizer->moments[i] && !cd_all_finite(optimizer->moments[i], optimizer->size))
            return 0;
    return cd_all_finite(model->weights, model->graph->trainable_size) &&
           cd_all_finite(model->statistics, model->graph->statistics_size);
}
