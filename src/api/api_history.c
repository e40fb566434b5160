/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "train/history.h"

void cnn_history_free(cnn_history_t *history)
{
    cd_history_free(history);
}

size_t cnn_history_epoch_count(const cnn_history_t *history)
{
    return history ? history->count : 0;
}

cnn_status_t cnn_history_epoch(const cnn_history_t *history, size_t index, cnn_epoch_t *epoch)
{
    CD_REQUIRE(NULL, history);
    CD_API_TRY(history->context, cd_check_index(__func__, index, history->count));
    return cd_api_result(history->context, cd_result_write(__func__, &history->epochs[index],
                                                           sizeof history->epochs[index], epoch));
}

uint32_t cnn_history_best_epoch(const cnn_history_t *history)
{
    return history ? history->best_epoch : 0;
}

cnn_status_t cnn_history_save(const cnn_history_t *history, const char *path)
{
    CD_REQUIRE(NULL, history);
    CD_REQUIRE(history->context, path);
    return cd_api_result(history->context, cd_history_save(history, path));
}
