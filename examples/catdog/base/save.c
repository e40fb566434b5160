/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "base/save.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output.h"

static int failed(const char *path, const char *why)
{
    return output_failure("%s cannot be written: %s", path, why);
}

int save_check(const char *path)
{
    struct stat info;

    if (!path)
        return EXIT_SUCCESS;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return failed(path, "it is not a regular file");
    char *copy = strdup(path);
    if (!copy)
        return failed(path, strerror(errno));
    const char *folder = dirname(copy);
    int rc = EXIT_SUCCESS;

    if (path[strlen(path) - 1] == '/' || stat(folder, &info) != 0 || !S_ISDIR(info.st_mode))
        rc = failed(path, "the folder does not exist");
    else if (access(folder, W_OK | X_OK) != 0)
        rc = failed(path, strerror(errno));
    free(copy);
    return rc;
}

int save_has_ending(const char *path, const char *ending)
{
    const size_t length = strlen(path), n = strlen(ending);

    return length > n && strcasecmp(path + length - n, ending) == 0;
}

/* Returns the temporary name PATH.tmpPID, which the caller frees, or NULL if out of memory. It is
 * in the same folder as path, because rename() only works within a file system. */
static char *temporary_name(const char *path)
{
    size_t size = strlen(path) + 32;
    char *name = malloc(size);

    if (name)
        snprintf(name, size, "%s.tmp%ld", path, (long)getpid());
    return name;
}

int save_open(struct save *save, const char *path)
{
    memset(save, 0, sizeof *save);
    if (save_check(path) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    save->path = strdup(path);
    save->temporary = temporary_name(path);
    if (!save->path || !save->temporary) {
        save_discard(save);
        return failed(path, strerror(ENOMEM));
    }
    int file = open(save->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0 && !(save->stream = fdopen(file, "wb"))) {
        close(file);
        unlink(save->temporary);
    }
    if (save->stream)
        return EXIT_SUCCESS;
    int error = errno;
    save_discard(save);
    return failed(path, strerror(error));
}

int save_commit(struct save *save)
{
    int good =
        fflush(save->stream) == 0 && !ferror(save->stream) && fsync(fileno(save->stream)) == 0;
    int error = errno;

    if (fclose(save->stream) != 0 && good) {
        good = 0;
        error = errno;
    }
    save->stream = NULL;
    if (good && rename(save->temporary, save->path) != 0) {
        good = 0;
        error = errno;
    }
    if (!good) {
        failed(save->path, strerror(error));
        unlink(save->temporary);
    }
    save_discard(save);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

void save_discard(struct save *save)
{
    if (save->stream) {
        fclose(save->stream);
        unlink(save->temporary);
    }
    free(save->path);
    free(save->temporary);
    memset(save, 0, sizeof *save);
}
