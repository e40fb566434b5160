/* SPDX-License-Identifier: MIT */
#include "image/jpeg_write.h"

#include "core/file_writer.h"
#include "image/jpeg_errors.h"

struct writer {
    struct jpeg_compress_struct jpeg;
    struct jpeg_destination_mgr destination;
    struct cd_jpeg_errors errors;
    struct cd_file_writer file;
    const cnn_image_t *image;
    int quality;
    uint8_t buffer[1 << 14]; /* compressed bytes that are not yet written to the file */
};

static struct writer *writer_of(j_compress_ptr jpeg)
{
    return jpeg->client_data;
}

static void start_buffer(j_compress_ptr jpeg)
{
    struct writer *writer = writer_of(jpeg);
    writer->destination.next_output_byte = writer->buffer;
    writer->destination.free_in_buffer = sizeof writer->buffer;
}

static void flush(struct writer *writer, size_t size)
{
    cnn_status_t rc = cd_file_writer_write(&writer->file, writer->buffer, size);
    if (rc != CNN_OK)
        cd_jpeg_errors_escape(&writer->errors, rc, cd_error_message());
}

/* libjpeg calls this when the buffer is full. libjpeg requires that the whole buffer is written,
 * whatever the value of free_in_buffer. */
static boolean flush_buffer(j_compress_ptr jpeg)
{
    flush(writer_of(jpeg), sizeof writer_of(jpeg)->buffer);
    start_buffer(jpeg);
    return TRUE;
}

static void flush_rest(j_compress_ptr jpeg)
{
    struct writer *writer = writer_of(jpeg);
    flush(writer, sizeof writer->buffer - writer->destination.free_in_buffer);
}

static void write_image(struct writer *writer)
{
    struct jpeg_compress_struct *jpeg = &writer->jpeg;

    jpeg_create_compress(jpeg);
    jpeg->client_data = writer;
    writer->destination.init_destination = start_buffer;
    writer->destination.empty_output_buffer = flush_buffer;
    writer->destination.term_destination = flush_rest;
    jpeg->dest = &writer->destination;
    jpeg->image_width = (JDIMENSION)writer->image->width;
    jpeg->image_height = (JDIMENSION)writer->image->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg->dct_method = JDCT_ISLOW;
    jpeg_set_quality(jpeg, writer->quality, TRUE);
    jpeg_start_compress(jpeg, TRUE);
    while (jpeg->next_scanline < jpeg->image_height) {
        JSAMPROW row = writer->image->pixels + jpeg->next_scanline * writer->image->width * 3;
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
}

/* Calls write_image and converts libjpeg's errors to a status. This is the only function that calls
 * setjmp. It has no local variables whose values could be lost by the jump. For an IO error the
 * file writer has already recorded the message. */
static cnn_status_t guarded(struct writer *writer)
{
    if (setjmp(writer->errors.escape) != 0)
        return writer->errors.status == CNN_ERROR_IO
                   ? CNN_ERROR_IO
                   : cd_error(writer->errors.status, "%s: %s", writer->file.path,
                              writer->errors.text);
    write_image(writer);
    return CNN_OK;
}

cnn_status_t cd_jpeg_save(const cnn_image_t *image, const char *path, int quality)
{
    struct writer writer = {.image = image, .quality = quality};

    if (image->width > JPEG_MAX_DIMENSION || image->height > JPEG_MAX_DIMENSION)
        return cd_error(CNN_ERROR_ARGUMENT, "%s: a JPEG cannot hold %zu x %zu pixels", path,
                        image->width, image->height);
    CD_TRY(cd_file_writer_open(image->context, path, &writer.file));
    writer.jpeg.err = cd_jpeg_errors_init(&writer.errors);
    cnn_status_t rc = guarded(&writer);
    jpeg_destroy_compress(&writer.jpeg);
    if (rc != CNN_OK) {
        cd_file_writer_discard(&writer.file);
        return rc;
    }
    return cd_file_writer_commit(&writer.file);
}
