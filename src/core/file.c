/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/memory.h"

const char *cd_file_reason(int code, char *text, size_t size)
{
    if (strerror_r(code, text, size) != 0)
        snprintf(text, size, "error %d", code);
    return text;
}

cnn_status_t cd_file_error(const char *path, const char *what, int code)
{
    char text[128];

    return cd_error(CNN_ERROR_IO, "%s: %s: %s", path, what,
                    cd_file_reason(code, text, sizeof text));
}

/* Reads exactly size bytes. Fails if the file has become shorter since its size was read. */
static cnn_status_t read_all(const char *path, int file, uint8_t *data, size_t size)
{
    size_t have = 0;
    while (have < size) {
        ssize_t got = read(file, data + have, size - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return cd_file_error(path, "cannot be read", errno);
        if (got == 0)
            return cd_error(CNN_ERROR_IO, "%s: became shorter while it was read", path);
        have += (size_t)got;
    }
    return CNN_OK;
}

/* Opens a regular file. O_NONBLOCK keeps open() from waiting if path is a pipe without a writer. */
static cnn_status_t open_regular(const char *path, int *file, struct stat *about)
{
    cnn_status_t rc;

    *file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*file < 0)
        return cd_file_error(path, "cannot be opened", errno);
    if (fstat(*file, about) != 0)
        rc = cd_file_error(path, "cannot be read", errno);
    else if (!S_ISREG(about->st_mode))
        rc = cd_error(CNN_ERROR_IO, "%s: not a regular file", path);
    else
        return CNN_OK;
    close(*file);
    return rc;
}

cnn_status_t cd_file_open(const char *path, FILE **stream, uint64_t *size)
{
    struct stat about;
    int file;

    *stream = NULL;
    *size = 0;
    CD_TRY(open_regular(path, &file, &about));
    *stream = fdopen(file, "rb");
    if (!*stream) {
        int code = errno;
        close(file);
        return cd_file_error(path, "cannot be opened", code);
    }
    *size = (uint64_t)about.st_size;
    return CNN_OK;
}

int cd_file_readable(const char *path)
{
    char bytes[4096];
    uint64_t size;
    FILE *stream;

    if (cd_file_open(path, &stream, &size) != CNN_OK)
        return 0;
    while (fread(bytes, 1, sizeof bytes, stream) > 0)
        ;
    const int readable = !ferror(stream);
    fclose(stream);
    return readable;
}

cnn_status_t cd_file_read(cnn_context_t *context, const char *path, uint64_t max_bytes,
                          cnn_status_t too_large, uint8_t **data, size_t *size)
{
    struct stat about;
    cnn_status_t rc;
    int file;

    *data = NULL;
    *size = 0;
    CD_TRY(open_regular(path, &file, &about));
    if ((uint64_t)about.st_size > max_bytes || (uint64_t)about.st_size > SIZE_MAX) {
        rc = cd_error(too_large, "%s: %llu bytes are over the limit of %llu", path,
                      (unsigned long long)about.st_size, (unsigned long long)max_bytes);
        goto fail;
    }
    *data = cd_alloc_unset(context, (size_t)about.st_size, 1);
    if (!*data) {
        rc = cd_error(CNN_ERROR_MEMORY, "%s: out of memory for its %llu bytes", path,
                      (unsigned long long)about.st_size);
        goto fail;
    }
    CD_TRY_FAIL(read_all(path, file, *data, (size_t)about.st_size));
    *size = (size_t)about.st_size;
    close(file);
    return CNN_OK;
fail:
    close(file);
    cd_free(context, *data);
    *data = NULL;
    return rc;
}
