/* SPDX-License-Identifier: MIT */
#include "core/memory.h"
#include "nn/plan_steps.h"

/* Floats of an arena, and so of a buffer; far enough from SIZE_MAX that an offset and a size can be
 * added. */
static const size_t largest = SIZE_MAX / sizeof(float) / 4;

int cd_plan_buffer(struct cd_plan *plan, size_t floats, size_t first, size_t last)
{
    if (floats > largest || cd_reserve(plan->context, &plan->buffers, &plan->buffers_capacity,
                                       plan->n_buffers + 1, sizeof *plan->buffers) != CNN_OK)
        return CD_NO_BUFFER;
    plan->buffers[plan->n_buffers] = (struct cd_buffer){
        .floats = cd_round_up(floats, CD_PLAN_ALIGN), .first = first, .last = last};
    return (int)plan->n_buffers++;
}

static int live_together(const struct cd_buffer *a, const struct cd_buffer *b)
{
    return a->first <= b->last && b->first <= a->last;
}

static int overlap(const struct cd_buffer *a, const struct cd_buffer *b)
{
    return a->offset < b->offset + b->floats && b->offset < a->offset + a->floats;
}

/* The lowest offset at which buffer number n clashes with none of the placed ones: it moves behind
 * each one it clashes with until there is none. */
static void place_one(struct cd_plan *plan, const int *placed, size_t n)
{
    struct cd_buffer *buffer = &plan->buffers[n];
    int moved;

    buffer->offset = 0;
    do {
        moved = 0;
        for (size_t i = 0; i < plan->n_buffers; i++) {
            const struct cd_buffer *other = &plan->buffers[i];
            if (placed[i] && live_together(buffer, other) && overlap(buffer, other)) {
                buffer->offset = other->offset + other->floats;
                moved = 1;
            }
        }
    } while (moved);
}

/* Greedy by size, as in Pisarchyk and Lee, "Efficient memory management for deep neural net
 * inference" (2020): the large ones first, each as low as it fits. */
cnn_status_t cd_plan_place(struct cd_plan *plan)
{
    int *placed = cd_alloc(plan->context, plan->n_buffers, sizeof *placed);

    if (!placed)
        return cd_error_memory(plan->context);
    for (size_t round = 0; round < plan->n_buffers; round++) {
        size_t next = plan->n_buffers;
        for (size_t i = 0; i < plan->n_buffers; i++)
            if (!placed[i] &&
                (next == plan->n_buffers || plan->buffers[i].floats > plan->buffers[next].floats))
                next = i;
        place_one(plan, placed, next);
        placed[next] = 1;
        const struct cd_buffer *buffer = &plan->buffers[next];
        if (buffer->offset + buffer->floats > plan->arena_floats)
            plan->arena_floats = buffer->offset + buffer->floats;
        if (plan->arena_floats > largest)
            break;
    }
    cd_free(plan->context, placed);
    return plan->arena_floats > largest ? cd_error_memory(plan->context) : CNN_OK;
}

cnn_status_t cd_plan_allocate(struct cd_plan *plan)
{
    plan->arena = cd_alloc_unset(plan->context, plan->arena_floats, sizeof *plan->arena);
    return plan->arena ? CNN_OK : cd_error_memory(plan->context);
}

float *cd_plan_memory(const struct cd_plan *plan, int buffer)
{
    return buffer == CD_NO_BUFFER ? NULL : plan->arena + plan->buffers[buffer].offset;
}

float *cd_run_values(const struct cd_run *run, size_t node)
{
    const struct cd_plan *plan = run->plan;
    node = plan->owner[node];
    if (plan->graph->nodes[node].type == CD_NODE_INPUT)
        return (float *)(uintptr_t)run->x; /* read only by every step */
    return cd_plan_memory(plan, plan->values[node]);
}

float *cd_run_gradient(const struct cd_run *run, size_t node)
{
    const struct cd_plan *plan = run->plan;
    node = plan->owner[node];
    if (node == plan->owner[plan->graph->n_nodes - 1])
        return run->dy;
    return cd_plan_memory(plan, plan->gradients[node]);
}

const struct cd_param *cd_step_param(const struct cd_plan *plan, const struct cd_step *step,
                                     size_t which)
{
    return &plan->graph->params[step->node->first_param + which];
}
