/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* POSIX 2008 with realpath */
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
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

static cnn_status_t io_error(const char *path, const char *what, int code)
{
    char text[128];
    return cd_error(CNN_ERROR_IO, "%s: %s: %s", path, what,
                    cd_file_reason(code, text, sizeof text));
}

/* Reads exactly size bytes; a file that shrinks meanwhile is an error. */
static cnn_status_t read_all(const char *path, int file, uint8_t *data, size_t size)
{
    size_t have = 0;
    while (have < size) {
        ssize_t got = read(file, data + have, size - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return io_error(path, "cannot be read", errno);
        if (got == 0)
            return cd_error(CNN_ERROR_IO, "%s: became shorter while it was read", path);
        have += (size_t)got;
    }
    return CNN_OK;
}

/* O_NONBLOCK: a pipe must not hold us up before we know that it is one. */
static cnn_status_t open_regular(const char *path, int *file, struct stat *about)
{
    cnn_status_t rc;

    *file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*file < 0)
        return io_error(path, "cannot be opened", errno);
    if (fstat(*file, about) != 0)
        rc = io_error(path, "cannot be read", errno);
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
        return io_error(path, "cannot be opened", code);
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

static void writer_release(struct cd_file_writer *writer)
{
    cd_free(writer->context, writer->path);
    cd_free(writer->context, writer->temporary);
    memset(writer, 0, sizeof *writer);
}

/* Creates path.tmp-PID-N for the first N that is free. */
static int create_temporary(struct cd_file_writer *writer, size_t size)
{
    for (unsigned attempt = 0;; attempt++) {
        snprintf(writer->temporary, size, "%s.tmp-%ld-%u", writer->path, (long)getpid(), attempt);
        int file = open(writer->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0 || errno != EEXIST || attempt == 1000)
            return file;
    }
}

/* The file that is to be replaced: a symbolic link's target, so that the link stays. NULL if there
 * is no memory. */
static char *path_behind_links(cnn_context_t *context, const char *path)
{
    struct stat about;
    char *resolved = NULL, *copy;

    if (lstat(path, &about) == 0 && S_ISLNK(about.st_mode))
        resolved = realpath(path, NULL); /* NULL: it leads nowhere and is itself replaced */
    copy = cd_strdup(context, resolved ? resolved : path);
    free(resolved);
    return copy;
}

cnn_status_t cd_file_writer_open(cnn_context_t *context, const char *path,
                                 struct cd_file_writer *writer)
{
    struct stat about;
    const int exists = stat(path, &about) == 0;

    memset(writer, 0, sizeof *writer);
    if (exists && !S_ISREG(about.st_mode))
        return cd_error(CNN_ERROR_IO, "%s: exists and is not a regular file", path);
    writer->context = context;
    writer->path = path_behind_links(context, path);
    const size_t size = writer->path ? strlen(writer->path) + 64 : 0;
    writer->temporary = cd_alloc(context, size, 1);
    if (!writer->path || !writer->temporary) {
        writer_release(writer);
        return cd_error_memory();
    }
    int file = create_temporary(writer, size);
    if (file < 0) {
        int code = errno;
        writer_release(writer);
        return io_error(path, "cannot be written", code);
    }
    if (exists)
        (void)fchmod(file, about.st_mode & 0777); /* a file system may have no such modes */
    writer->stream = fdopen(file, "wb");
    if (!writer->stream) {
        int code = errno;
        close(file);
        unlink(writer->temporary);
        writer_release(writer);
        return io_error(path, "cannot be written", code);
    }
    return CNN_OK;
}

cnn_status_t cd_file_writer_write(struct cd_file_writer *writer, const void *data, size_t size)
{
    if (size != 0 && fwrite(data, 1, size, writer->stream) != size)
        return io_error(writer->path, "cannot be written", errno);
    return CNN_OK;
}

cnn_status_t cd_file_writer_rewrite(struct cd_file_writer *writer, const void *data, size_t size)
{
    if (fseek(writer->stream, 0, SEEK_SET) != 0)
        return io_error(writer->path, "cannot be written", errno);
    return cd_file_writer_write(writer, data, size);
}

cnn_status_t cd_file_writer_map(struct cd_file_writer *writer, struct cd_file_map *map)
{
    memset(map, 0, sizeof *map);
    if (fflush(writer->stream) != 0)
        return io_error(writer->path, "cannot be written", errno);
    return cd_file_map(writer->temporary, map);
}

/* So that the new name survives a power cut. Some file systems cannot; the rename stands then. */
static void sync_folder(const char *path, char *scratch)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;

    if (!slash)
        memcpy(scratch, ".", 2);
    else if (length == 0)
        memcpy(scratch, "/", 2);
    else {
        memcpy(scratch, path, length);
        scratch[length] = '\0';
    }
    int folder = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
}

cnn_status_t cd_file_writer_commit(struct cd_file_writer *writer)
{
    cnn_status_t rc = CNN_OK;
    int failed = fflush(writer->stream) != 0 || fsync(fileno(writer->stream)) != 0;
    int code = errno;

    if (fclose(writer->stream) != 0 && !failed) {
        failed = 1;
        code = errno;
    }
    if (!failed && rename(writer->temporary, writer->path) != 0) {
        failed = 1;
        code = errno;
    }
    if (failed) {
        unlink(writer->temporary);
        rc = io_error(writer->path, "cannot be written", code);
    } else {
        sync_folder(writer->path, writer->temporary);
    }
    writer_release(writer);
    return rc;
}

void cd_file_writer_discard(struct cd_file_writer *writer)
{
    if (!writer->stream)
        return;
    fclose(writer->stream);
    unlink(writer->temporary);
    writer_release(writer);
}
