/* SPDX-License-Identifier: MIT */
#include "image/readers.h"

#include <string.h>

#include "core/file.h"
#include "core/log.h"
#include "core/names.h"
#include "image/jpeg_read.h"
#include "image/signature.h"

static const struct cd_image_reader *const readers[] = {&cd_jpeg_reader};

enum { READERS = sizeof readers / sizeof *readers };

/* Writes the names of all formats to text, such as "JPEG" or "JPEG or PNG", and returns text. */
static const char *format_names(char *text, size_t size)
{
    size_t length = 0;

    for (size_t i = 0; i < READERS && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? " or " : "",
                                   readers[i]->name);
    return text;
}

/* Finds the reader for a file that begins with these bytes. Errors: IMAGE. */
static cnn_status_t find_reader(const char *name, const uint8_t *bytes, size_t size,
                                const struct cd_image_reader **reader)
{
    char formats[64];

    if (size == 0)
        return cd_error(CNN_ERROR_IMAGE, "%s: is empty", name);
    for (size_t i = 0; i < READERS; i++)
        if (readers[i]->matches(bytes, size)) {
            *reader = readers[i];
            return CNN_OK;
        }
    return cd_error(CNN_ERROR_IMAGE, "%s: is not a %s but %s", name,
                    format_names(formats, sizeof formats), cd_signature_name(bytes, size));
}

struct cd_image_source cd_image_in_memory(cnn_context_t *context, const void *bytes, size_t size,
                                          const cnn_image_options_t *limits)
{
    return (struct cd_image_source){.context = context,
                                    .name = "image in memory",
                                    .bytes = bytes,
                                    .size = size,
                                    .limits = limits};
}

static void log_warnings(const struct cd_image_source *source, const struct cd_image_info *info)
{
    if (info->warnings > 0)
        cd_warn(source->context, "%s: decoded with %ld warning%s: %s", source->name,
                info->warnings, info->warnings == 1 ? "" : "s, the first", info->warning);
}

cnn_status_t cd_image_read(const struct cd_image_source *source, struct cd_row_sink *sink,
                           struct cd_image_info *info)
{
    const struct cd_image_reader *reader;
    struct cd_image_info own = {0};

    CD_TRY(find_reader(source->name, source->bytes, source->size, &reader));
    if (source->size > source->limits->max_bytes)
        return cd_error(CNN_ERROR_IMAGE, "%s: %zu bytes are over the limit of %llu", source->name,
                        source->size, (unsigned long long)source->limits->max_bytes);
    CD_TRY(reader->read_rows(source, sink, info ? info : &own));
    if (!info)
        log_warnings(source, &own);
    return CNN_OK;
}

cnn_status_t cd_image_read_info(cnn_context_t *context, const char *path,
                                struct cd_image_info *info)
{
    struct cd_image_source source = {.context = context, .name = path};
    const struct cd_image_reader *reader;
    uint8_t head[CD_SIGNATURE_BYTES];
    uint64_t size;

    CD_TRY(cd_file_open(path, &source.stream, &size));
    cnn_status_t rc =
        find_reader(path, head, fread(head, 1, sizeof head, source.stream), &reader);
    rewind(source.stream);
    if (rc == CNN_OK)
        rc = reader->read_info(&source, info);
    if (rc != CNN_OK && ferror(source.stream))
        rc = cd_error(CNN_ERROR_IO, "%s: cannot be read", path);
    fclose(source.stream);
    return rc;
}

int cd_image_has_extension(const char *name)
{
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < READERS; i++)
        for (const char *const *extension = readers[i]->extensions; *extension; extension++)
            if (cd_names_same(dot, *extension))
                return 1;
    return 0;
}

const char *cd_image_extensions(char text[CD_IMAGE_EXTENSIONS_SIZE])
{
    size_t length = 0;

    for (size_t i = 0; i < READERS; i++)
        for (const char *const *extension = readers[i]->extensions;
             *extension && length < CD_IMAGE_EXTENSIONS_SIZE; extension++)
            length += (size_t)snprintf(text + length, CD_IMAGE_EXTENSIONS_SIZE - length, "%s%s",
                                       length > 0 ? ", " : "", *extension);
    return text;
}

uint64_t cd_image_hash_decoders(uint64_t hash)
{
    for (size_t i = 0; i < READERS; i++)
        hash = readers[i]->hash_decoder(hash);
    return hash;
}
