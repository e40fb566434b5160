/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "api/boundary.h"
#include "core/check.h"
#include "core/cpu.h"
#include "core/memory.h"
#include "core/options.h"
#include "core/pool.h"
#include "kernels/kernel_choice.h"

/* Chooses the kernels by the environment variable CATDOG_KERNELS, or by `option` (or NULL) if the
 * variable is not set. The variable has priority, so that users can compare kernels in a program
 * without changing the program. */
static cnn_status_t choose_kernels(cnn_context_t *context, const char *option)
{
    const char *variable = getenv("CATDOG_KERNELS");
    const int by_variable = variable && *variable;

    context->kernels_by = by_variable ? CNN_KERNELS_SOURCE_ENVIRONMENT
                          : option    ? CNN_KERNELS_SOURCE_OPTION
                                      : CNN_KERNELS_SOURCE_CPU;
    cnn_status_t rc = cd_kernel_choice(context, by_variable ? variable : option, &context->kernels,
                                       &context->kernels_memory);
    if (rc == CNN_ERROR_ARGUMENT)
        return cd_error(rc, "%s: %s", by_variable ? "CATDOG_KERNELS" : "cnn_context_create",
                        cd_error_message());
    return rc;
}

cnn_status_t cnn_context_create(const cnn_context_options_t *options, cnn_context_t **context)
{
    cnn_context_options_t own;

    CD_REQUIRE(NULL, context);
    *context = NULL;
    CD_API_TRY(NULL, cd_options_read(__func__, options, &own, sizeof own));
    CD_API_TRY(NULL, cd_check_most(__func__, "threads", own.threads, CD_POOL_MAX_THREADS));
    CD_API_TRY(NULL, cd_check_enum(__func__, "tune", (int)own.tune, CNN_TUNE_MEASURED + 1));
    if (!own.allocate != !own.release)
        return cd_api_result(NULL,
                             cd_error(CNN_ERROR_ARGUMENT,
                                      "%s: allocate and release must be given together", __func__));
    CD_API_TRY(NULL, cd_context_create(&own, context));
    const cnn_status_t rc = choose_kernels(*context, own.kernels);
    if (rc != CNN_OK) {
        cd_context_unref(*context);
        *context = NULL;
    }
    return cd_api_result(NULL, rc);
}

void cnn_context_free(cnn_context_t *context)
{
    cd_context_unref(context);
}

uint32_t cnn_context_threads(const cnn_context_t *context)
{
    return context ? (uint32_t)cd_pool_threads(context->pool) : 0;
}

const char *cnn_context_kernels(const cnn_context_t *context)
{
    return context ? context->kernels->name : "";
}

cnn_kernels_source_t cnn_context_kernels_source(const cnn_context_t *context)
{
    return context ? context->kernels_by : CNN_KERNELS_SOURCE_CPU;
}

size_t cnn_kernels_count(void)
{
    return cd_kernels_count();
}

cnn_status_t cnn_kernels_info(size_t index, cnn_kernels_info_t *info)
{
    CD_API_TRY(NULL, cd_check_index(__func__, index, cd_kernels_count()));
    const cnn_kernels_info_t own = {
        .name = cd_kernels_at(index)->name,
        .runs_here = cd_kernels_run_here(index),
    };
    return cd_api_result(NULL, cd_result_write(__func__, &own, sizeof own, info));
}

cnn_status_t cnn_cpu_info(cnn_cpu_info_t *info)
{
    cnn_cpu_info_t own = {.struct_size = sizeof own};

    cd_cpu_name(own.name, sizeof own.name);
    cd_cpu_features(own.features, sizeof own.features);
    own.threads = (uint32_t)cd_pool_cpus();
    return cd_api_result(NULL, cd_result_write(__func__, &own, sizeof own, info));
}

cnn_status_t cnn_cancel_create(cnn_context_t *context, cnn_cancel_t **cancel)
{
    if (cancel)
        *cancel = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, cancel);
    *cancel = cd_alloc(context, 1, sizeof **cancel);
    if (!*cancel)
        return cd_api_result(context, cd_error_memory());
    atomic_init(&(*cancel)->requested, 0);
    (*cancel)->context = cd_context_ref(context);
    return CNN_OK;
}

void cnn_cancel_free(cnn_cancel_t *cancel)
{
    if (!cancel)
        return;
    cnn_context_t *context = cancel->context;
    cd_free(context, cancel);
    cd_context_unref(context);
}

void cnn_cancel_request(cnn_cancel_t *cancel)
{
    if (cancel)
        atomic_store_explicit(&cancel->requested, 1, memory_order_relaxed);
}

int cnn_cancel_requested(const cnn_cancel_t *cancel)
{
    return cd_cancelled(cancel);
}
