/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "measure/profile.h"
#include "plan/plan.h"

enum { DEFAULT_BATCH = 64 };

static cnn_status_t check_options(const cnn_profile_options_t *options)
{
    CD_TRY(cd_check_most("cnn_profile_options_t", "batch_size", options->batch_size,
                         CD_PLAN_LARGEST_BATCH));
    return cd_check_most("cnn_profile_options_t", "runs", options->runs, CD_PROFILE_MOST_RUNS);
}

cnn_status_t cnn_profile_create(const cnn_graph_t *graph, const cnn_profile_options_t *options,
                                cnn_profile_t **profile)
{
    cnn_profile_options_t own;

    CD_REQUIRE(NULL, profile);
    *profile = NULL;
    CD_REQUIRE(NULL, graph);
    CD_API_TRY(graph->context, cd_options_read("cnn_profile_options_t", options, &own, sizeof own));
    CD_API_TRY(graph->context, check_options(&own));
    if (!own.batch_size)
        own.batch_size = DEFAULT_BATCH;
    return cd_api_result(graph->context, cd_profile_create(graph, &own, profile));
}

void cnn_profile_free(cnn_profile_t *profile)
{
    cd_profile_free(profile);
}

cnn_status_t cnn_profile_summary(const cnn_profile_t *profile, cnn_profile_summary_t *summary)
{
    CD_REQUIRE(NULL, profile);
    CD_REQUIRE(profile->context, summary);
    return cd_api_result(profile->context, cd_result_write(__func__, &profile->summary,
                                                           sizeof profile->summary, summary));
}

size_t cnn_profile_entry_count(const cnn_profile_t *profile)
{
    return profile ? profile->n_entries : 0;
}

cnn_status_t cnn_profile_entry(const cnn_profile_t *profile, size_t index,
                               cnn_profile_entry_t *entry)
{
    CD_REQUIRE(NULL, profile);
    CD_REQUIRE(profile->context, entry);
    CD_API_TRY(profile->context, cd_check_index(__func__, index, profile->n_entries));
    return cd_api_result(profile->context, cd_result_write(__func__, &profile->entries[index],
                                                           sizeof profile->entries[index], entry));
}

size_t cnn_profile_candidate_count(const cnn_profile_t *profile)
{
    return profile ? profile->n_candidates : 0;
}

cnn_status_t cnn_profile_candidate(const cnn_profile_t *profile, size_t index,
                                   cnn_profile_candidate_t *candidate)
{
    CD_REQUIRE(NULL, profile);
    CD_REQUIRE(profile->context, candidate);
    CD_API_TRY(profile->context, cd_check_index(__func__, index, profile->n_candidates));
    return cd_api_result(profile->context,
                         cd_result_write(__func__, &profile->candidates[index],
                                         sizeof profile->candidates[index], candidate));
}
