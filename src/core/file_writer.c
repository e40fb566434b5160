/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* POSIX 2008 with realpath */
#include "core/file_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/memory.h"

static void writer_release(struct cd_file_writer *writer)
{
    cd_free(writer->context, writer->path);
    cd_free(writer->context, writer->temporary);
    memset(writer, 0, sizeof *writer);
}

/* Creates the file PATH.tmp-PID-N with the first N for which no file exists. Returns the file
 * descriptor, or -1 with errno set. size: the size of writer->temporary. */
static int create_temporary(struct cd_file_writer *writer, size_t size)
{
    for (unsigned attempt = 0;; attempt++) {
        snprintf(writer->temporary, size, "%s.tmp-%ld-%u", writer->path, (long)getpid(), attempt);
        int file = open(writer->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0 || errno != EEXIST || attempt == 1000)
            return file;
    }
}

/* Returns a copy of the path of the file to replace, or NULL if out of memory. If path is a
 * symbolic link, its target is replaced and the link is kept. */
static char *path_behind_links(cnn_context_t *context, const char *path)
{
    struct stat about;
    char *resolved = NULL, *copy;

    if (lstat(path, &about) == 0 && S_ISLNK(about.st_mode))
        resolved = realpath(path, NULL); /* NULL for a broken link; then the link is replaced */
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
        return cd_file_error(path, "cannot be written", code);
    }
    if (exists)
        (void)fchmod(file, about.st_mode & 0777); /* fails on file systems without modes */
    writer->stream = fdopen(file, "wb");
    if (!writer->stream) {
        int code = errno;
        close(file);
        unlink(writer->temporary);
        writer_release(writer);
        return cd_file_error(path, "cannot be written", code);
    }
    return CNN_OK;
}

cnn_status_t cd_file_writer_write(struct cd_file_writer *writer, const void *data, size_t size)
{
    if (size != 0 && fwrite(data, 1, size, writer->stream) != size)
        return cd_file_error(writer->path, "cannot be written", errno);
    return CNN_OK;
}

cnn_status_t cd_file_writer_rewrite(struct cd_file_writer *writer, const void *data, size_t size)
{
    if (fseek(writer->stream, 0, SEEK_SET) != 0)
        return cd_file_error(writer->path, "cannot be written", errno);
    return cd_file_writer_write(writer, data, size);
}

cnn_status_t cd_file_writer_map(struct cd_file_writer *writer, struct cd_file_map *map)
{
    memset(map, 0, sizeof *map);
    if (fflush(writer->stream) != 0)
        return cd_file_error(writer->path, "cannot be written", errno);
    return cd_file_map(writer->temporary, map);
}

/* Syncs the folder of path, so that a rename in it survives a power failure. Errors are ignored,
 * because some file systems cannot sync folders. scratch: a buffer at least as large as path. */
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
        rc = cd_file_error(writer->path, "cannot be written", code);
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
