/* SPDX-License-Identifier: MIT */
#include "plan/arena.h"

#include "core/memory.h"
#include "core/size.h"

/* Largest size of an arena in floats. The sum of an offset and a size, both at most this large,
 * cannot overflow. */
static const size_t largest = SIZE_MAX / sizeof(float) / 4;

int cd_arena_buffer(struct cd_plan *plan, size_t floats, size_t first, size_t last)
{
    if (floats > largest || cd_reserve(plan->context, &plan->buffers, &plan->buffers_capacity,
                                       plan->n_buffers + 1, sizeof *plan->buffers) != CNN_OK)
        return CD_NO_BUFFER;
    plan->buffers[plan->n_buffers] = (struct cd_buffer){
        .floats = cd_round_up(floats, CD_PLAN_ALIGN), .first = first, .last = last};
    return (int)plan->n_buffers++;
}

int cd_arena_prepared_buffer(struct cd_plan *plan, size_t floats)
{
    const int buffer = cd_arena_buffer(plan, floats, 0, 0);

    if (buffer == CD_NO_BUFFER)
        return buffer;
    plan->buffers[buffer].is_prepared = 1;
    plan->buffers[buffer].offset = plan->prepared_floats;
    plan->prepared_floats = cd_sum(plan->prepared_floats, plan->buffers[buffer].floats);
    return buffer;
}

static int live_together(const struct cd_buffer *a, const struct cd_buffer *b)
{
    return a->first <= b->last && b->first <= a->last;
}

static int overlap(const struct cd_buffer *a, const struct cd_buffer *b)
{
    return a->offset < b->offset + b->floats && b->offset < a->offset + a->floats;
}

/* Assigns buffer n the lowest offset at which it overlaps no placed buffer that is in use at the
 * same time. It starts at offset 0 and moves behind each buffer that it overlaps. */
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

/* Uses the "greedy by size" strategy of Pisarchyk and Lee, "Efficient memory management for deep
 * neural net inference" (2020): places the largest buffers first, each at the lowest offset that is
 * free. */
cnn_status_t cd_arena_place(struct cd_plan *plan)
{
    int *placed = cd_alloc(plan->context, plan->n_buffers, sizeof *placed);
    size_t to_place = 0;

    if (!placed)
        return cd_error_memory();
    for (size_t i = 0; i < plan->n_buffers; i++)
        to_place += !plan->buffers[i].is_prepared;
    for (size_t round = 0; round < to_place; round++) {
        size_t next = plan->n_buffers;
        for (size_t i = 0; i < plan->n_buffers; i++)
            if (!placed[i] && !plan->buffers[i].is_prepared &&
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
    return plan->arena_floats > largest || plan->prepared_floats > largest ? cd_error_memory()
                                                                           : CNN_OK;
}

/* Takes the prepared kernels with the plan's key. The key contains two pointers for each step: its
 * algorithm, and its node if it fuses a pooling. Plans of the same graph with the same key need the
 * same prepared kernels. */
static cnn_status_t take_prepared(struct cd_plan *plan)
{
    const size_t n = 2 * plan->n_steps;
    const void **key = cd_alloc(plan->context, n, sizeof *key);

    if (!key)
        return cd_error_memory();
    for (size_t s = 0; s < plan->n_steps; s++) {
        key[2 * s] = plan->steps[s].algorithm;
        key[2 * s + 1] = plan->steps[s].conv_layer.pool.co ? plan->steps[s].node : NULL;
    }
    return cd_prepared_take(plan->context, plan->shared, key, n, plan->prepared_floats,
                            &plan->prepared);
}

cnn_status_t cd_arena_allocate(struct cd_plan *plan)
{
    plan->arena = cd_alloc_unset(plan->context, plan->arena_floats, sizeof *plan->arena);
    if (!plan->arena)
        return cd_error_memory();
    return plan->prepared_floats ? take_prepared(plan) : CNN_OK;
}
