/* SPDX-License-Identifier: MIT */
#include "kernels/conv.h"

double cd_conv_cost(const struct cd_conv_algorithm *algorithm, const struct cd_conv_layer *layer,
                    unsigned passes)
{
    double sum = 0.0;

    for (unsigned pass = CD_CONV_FORWARD; pass <= CD_CONV_BACKWARD_KERNEL; pass *= 2) {
        if (!(passes & pass))
            continue;
        const double cost = algorithm->cost(layer, (enum cd_conv_pass)pass);
        if (cost == 0.0)
            return 0.0;
        sum += cost;
    }
    return sum;
}

const struct cd_conv_algorithm *cd_conv_choose(const struct cd_conv_layer *layer, unsigned passes)
{
    const struct cd_conv_algorithm *const *algorithm = layer->kernels->conv_algorithms;
    const struct cd_conv_algorithm *best = &cd_conv_general;
    double least = cd_conv_cost(best, layer, passes);

    for (; *algorithm; algorithm++) {
        const double cost = cd_conv_cost(*algorithm, layer, passes);
        if (cost > 0.0 && cost < least) {
            best = *algorithm;
            least = cost;
        }
    }
    return best;
}
