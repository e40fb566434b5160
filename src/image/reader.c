/* SPDX-License-Identifier: MIT */
#include "image/reader.h"

static cnn_status_t check_pixels(const struct cd_image_source *source,
                                 const struct cd_image_info *info)
{
    if ((uint64_t)info->width * info->height > source->limits->max_pixels)
        return cd_error(CNN_ERROR_IMAGE, "%s: %u x %u pixels are over the limit of %llu pixels",
                        source->name, (unsigned)info->width, (unsigned)info->height,
                        (unsigned long long)source->limits->max_pixels);
    return CNN_OK;
}

cnn_status_t cd_reader_start(struct cd_row_sink *sink, const struct cd_image_source *source,
                             const struct cd_image_info *info, const unsigned *scales,
                             struct cd_image_part *part)
{
    const struct cd_image_header header = {.name = source->name,
                                           .height = info->height,
                                           .width = info->width,
                                           .orientation = info->orientation,
                                           .scales = scales};

    CD_TRY(check_pixels(source, info));
    *part = (struct cd_image_part){
        .scale = CD_FULL_SCALE, .height = header.height, .width = header.width};
    return sink->start(sink, &header, part);
}
