/* SPDX-License-Identifier: MIT
 *
 * Batch normalisation (Ioffe and Szegedy 2015, section 3). In training, the forward pass first
 * computes sums for each image and adds them in the order of the images. Then it reads x again and
 * writes
 *   activation(x scale + shift + other)
 * where other is the second operand of a fused addition and activation is a fused activation. */
#include "plan/layers/batch_norm_layer.h"

#include <math.h>
#include <string.h>

#include "core/size.h"
#include "plan/fuse.h"
#include "plan/layers/layers.h"

/* ---- creating a plan ---- */

static void fuse(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step)
{
    cd_fuse_addition(plan, needed, step);
    cd_fuse_activation(plan, needed, CNN_ACTIVATION_NONE, step);
}

/* The last input may use the memory of the output's gradient: it is the other operand of a fused
 * addition, or x if there is no addition. */
static int passes_gradient(const struct cd_step *step, size_t k)
{
    return k == step->n_in - 1;
}

/* Returns 1 if the backward pass can find out from x where ReLU was active. It computes x scale +
 * shift again, with the same bits, so the output need not be kept. This does not work with a fused
 * addition. */
static int relu_from_input(const struct cd_step *step)
{
    return !step->frozen && step->activation.kind == CNN_ACTIVATION_RELU && step->n_in == 1;
}

static int reads_output(const struct cd_step *step)
{
    return cd_step_has_activation(step) && !relu_from_input(step);
}

/* ---- memory ---- */

static size_t channels(const struct cd_step *step)
{
    return step->node->shape.c;
}

/* Size of the sums of all images: two doubles for each image and channel. */
static size_t sums_floats(const struct cd_plan *plan, const struct cd_step *step)
{
    return cd_product(plan->batch, 2 * channels(step) * (sizeof(double) / sizeof(float)));
}

/* Scratch of the forward pass. Training: the sums. Prediction: scale and shift of each channel. */
static size_t scratch(const struct cd_plan *plan, const struct cd_step *step)
{
    return plan->training ? sums_floats(plan, step) : 2 * channels(step);
}

/* Size of the kept data: mean, 1 / standard deviation, scale and shift of each channel. */
static size_t kept(const struct cd_plan *plan, const struct cd_step *step)
{
    (void)plan;
    return 4 * channels(step);
}

/* Scratch of the backward pass: the sums, then three coefficients for each channel. */
static size_t scratch_backward(const struct cd_plan *plan, const struct cd_step *step)
{
    return cd_sum(sums_floats(plan, step), 3 * channels(step));
}

static double *sums_of(const struct cd_job *job)
{
    return (double *)(void *)job->scratch;
}

/* Sets the sums of an image to 0 and returns them. */
static double *image_sums(const struct cd_job *job, size_t image)
{
    const size_t count = 2 * channels(job->step);
    double *sums = sums_of(job) + count * image;

    for (size_t k = 0; k < count; k++)
        sums[k] = 0.0;
    return sums;
}

/* Adds the sums of all other images to the sums of the first image, which it returns. */
static const double *add_sums(const struct cd_job *job)
{
    const size_t count = 2 * channels(job->step);
    double *sums = sums_of(job);

    for (size_t i = 1; i < job->run->n; i++)
        for (size_t k = 0; k < count; k++)
            sums[k] += sums[count * i + k];
    return sums;
}

/* Returns the number of activations of a channel in the batch. */
static double count_of(const struct cd_job *job)
{
    return (double)job->run->n * (double)(job->out_size / channels(job->step));
}

static float *scale_shift_of(const struct cd_job *job)
{
    return job->kept ? job->kept + 2 * channels(job->step) : job->scratch;
}

/* ---- forward pass ---- */

static void sums_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = channels(job->step);

    (void)worker;
    cd_job_kernels(job)->batch_norm_sums(job->out_size / c, c, job->in + image * job->in_size,
                                         image_sums(job, image));
}

/* Writes mean and 1 / sqrt(variance + epsilon) of the batch to the kept data. Also updates the
 * running statistics. The variance is the biased one, as in Keras. */
static void batch_statistics(const struct cd_job *job)
{
    const struct cd_run *run = job->run;
    const struct cd_node *node = job->step->node;
    const size_t c = node->shape.c;
    const double count = count_of(job), *sums = add_sums(job);
    float *mean = job->kept, *inverse = job->kept + c;
    float *moving_mean = run->statistics + cd_step_param(run->plan, job->step, 2)->offset;
    float *moving_variance = run->statistics + cd_step_param(run->plan, job->step, 3)->offset;

    for (size_t k = 0; k < c; k++) {
        const double m = sums[k] / count, spread = sums[c + k] / count - m * m;
        const double variance = spread > 0.0 || spread != spread ? spread : 0.0;
        mean[k] = (float)m;
        inverse[k] = (float)(1.0 / sqrt(variance + node->epsilon));
        moving_mean[k] = node->momentum * moving_mean[k] + (1.0f - node->momentum) * (float)m;
        moving_variance[k] =
            node->momentum * moving_variance[k] + (1.0f - node->momentum) * (float)variance;
    }
}

/* Computes scale and shift such that x scale + shift = gamma (x - mean) inverse + beta, where
 * inverse is 1 / sqrt(variance + epsilon). */
static void batch_scale_shift(const struct cd_job *job)
{
    const size_t c = channels(job->step);
    const float *gamma = cd_job_weights(job, 0), *beta = cd_job_weights(job, 1);
    const float *mean = job->kept, *inverse = job->kept + c;
    float *scale = scale_shift_of(job), *shift = scale + c;

    for (size_t k = 0; k < c; k++) {
        scale[k] = gamma[k] * inverse[k];
        shift[k] = beta[k] - mean[k] * gamma[k] * inverse[k];
    }
}

void cd_batch_norm_moving(const struct cd_run *run, const struct cd_node *node, float *scale,
                          float *shift)
{
    const struct cd_param *params = run->plan->graph->params + node->first_param;
    const float *gamma = run->weights + params[0].offset, *beta = run->weights + params[1].offset;
    const float *mean = run->statistics + params[2].offset;
    const float *variance = run->statistics + params[3].offset;

    for (size_t k = 0; k < node->shape.c; k++) {
        const float inverse = 1.0f / sqrtf(variance[k] + node->epsilon);
        scale[k] = gamma[k] * inverse;
        shift[k] = beta[k] - mean[k] * gamma[k] * inverse;
    }
}

static void forward_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = channels(job->step), at = image * job->out_size;

    (void)worker;
    cd_job_kernels(job)->batch_norm_forward(job->step->activation, job->out_size / c, c,
                                            job->in + at, scale_shift_of(job),
                                            job->in2 ? job->in2 + at : NULL, job->out + at);
}

static void forward(struct cd_job *job)
{
    const int by_batch = job->run->training && !job->step->frozen;
    float *scale_shift = scale_shift_of(job);

    if (by_batch) {
        cd_job_each(job, job->run->n, sums_item);
        batch_statistics(job);
        batch_scale_shift(job);
    } else {
        cd_batch_norm_moving(job->run, job->step->node, scale_shift,
                             scale_shift + channels(job->step));
    }
    cd_job_each(job, job->run->n, forward_item);
}

/* ---- backward pass ---- */

static int has_relu(const struct cd_job *job)
{
    return cd_job_pending_activation(job).kind == CNN_ACTIVATION_RELU;
}

/* Return the data from which the kernels find out where ReLU was active: scale and shift to apply
 * to the input, or the output. The function whose data are not used returns NULL. */
static const float *relu_input(const struct cd_job *job)
{
    return has_relu(job) && relu_from_input(job->step) ? scale_shift_of(job) : NULL;
}

static const float *relu_output(const struct cd_job *job, size_t at)
{
    return has_relu(job) && !relu_from_input(job->step) ? job->out + at : NULL;
}

static void gradient_sums_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = channels(job->step), at = image * job->out_size;

    (void)worker;
    cd_job_kernels(job)->batch_norm_backward_sums(job->out_size / c, c, job->in + at,
                                                  relu_output(job, at), relu_input(job),
                                                  job->dy + at, image_sums(job, image));
}

static float *factors_of(const struct cd_job *job)
{
    return (float *)(void *)(sums_of(job) + 2 * channels(job->step) * job->run->plan->batch);
}

static void dx_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = channels(job->step), at = image * job->out_size;

    (void)worker;
    cd_job_kernels(job)->batch_norm_backward(job->out_size / c, c, job->in + at, relu_input(job),
                                             factors_of(job), job->dy + at, job->dx + at);
}

/* Computes the gradients of gamma and beta, and the coefficients a, b and d of each channel for
 *   dx = a dy + b x + d
 * With h = (x - mean) inverse and N activations for each channel, the gradients are
 *   dbeta = sum dy,  dgamma = sum dy h,  dx = gamma inverse (dy - dbeta / N - h dgamma / N) */
static void parameter_gradients(const struct cd_job *job)
{
    const size_t c = channels(job->step);
    const double count = count_of(job), *sums = add_sums(job);
    const float *gamma = cd_job_weights(job, 0), *mean = job->kept, *inverse = job->kept + c;
    float *dgamma = cd_job_gradients(job, 0), *dbeta = cd_job_gradients(job, 1);
    float *factors = factors_of(job);

    for (size_t k = 0; k < c; k++) {
        const double sum = sums[k], towards_gamma = (sums[c + k] - mean[k] * sum) * inverse[k];
        const double a = (double)gamma[k] * inverse[k];
        const double b = -a * inverse[k] * towards_gamma / count;
        dgamma[k] = (float)towards_gamma;
        dbeta[k] = (float)sum;
        factors[k] = (float)a;
        factors[c + k] = (float)b;
        factors[2 * c + k] = (float)(-a * sum / count - b * mean[k]);
    }
}

static void scale_gradient_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = channels(job->step), at = image * job->out_size;

    (void)worker;
    cd_job_kernels(job)->batch_norm_forward((struct cd_activation){0}, job->out_size / c, c,
                                            job->dy + at, job->scratch, NULL, job->dx + at);
}

/* Runs the backward pass of a frozen layer. Its statistics are constants, so dx = dy scale. */
static void frozen_backward(struct cd_job *job)
{
    const size_t c = channels(job->step);

    cd_job_undo_activation(job, job->dy);
    cd_batch_norm_moving(job->run, job->step->node, job->scratch, job->scratch + c);
    memset(job->scratch + c, 0, c * sizeof *job->scratch);
    if (job->dx)
        cd_job_each(job, job->run->n, scale_gradient_item);
    if (job->step->n_in == 2)
        cd_job_pass_gradient(job, 1);
}

static void backward(struct cd_job *job)
{
    if (job->step->frozen) {
        frozen_backward(job);
        return;
    }
    if (!has_relu(job))
        cd_job_undo_activation(job, job->dy);
    cd_job_each(job, job->run->n, gradient_sums_item);
    parameter_gradients(job);
    if (job->dx)
        cd_job_each(job, job->run->n, dx_item);
    if (job->step->n_in == 2)
        cd_job_pass_gradient(job, 1);
}

const struct cd_layer cd_layer_batch_norm = {
    .fuse = fuse,
    .kept = kept,
    .scratch = scratch,
    .scratch_backward = scratch_backward,
    .reads_input = cd_step_is_trained,
    .reads_output = reads_output,
    .passes_gradient = passes_gradient,
    .forward = forward,
    .backward = backward,
};
