/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "core/file_map.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "core/file.h"

cnn_status_t cd_file_map(const char *path, struct cd_file_map *map)
{
    struct stat about;
    uint64_t size;
    FILE *stream;

    memset(map, 0, sizeof *map);
    CD_TRY(cd_file_open(path, &stream, &size));
    if (size == 0 || size > SIZE_MAX) {
        fclose(stream);
        return cd_error(CNN_ERROR_IO, "%s: %s", path, size == 0 ? "empty" : "too large");
    }
    if (fstat(fileno(stream), &about) == 0) {
        map->device = about.st_dev;
        map->inode = about.st_ino;
    }
    void *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fileno(stream), 0);
    const int code = errno;
    fclose(stream);
    if (bytes == MAP_FAILED)
        return cd_file_error(path, "cannot be mapped", code);
    map->bytes = bytes;
    map->size = (size_t)size;
    return CNN_OK;
}

int cd_file_map_is_of(const struct cd_file_map *map, const char *path)
{
    struct stat about;

    return map->bytes && stat(path, &about) == 0 && about.st_dev == map->device &&
           about.st_ino == map->inode;
}

void cd_file_unmap(struct cd_file_map *map)
{
    if (map->bytes)
        munmap((void *)(uintptr_t)map->bytes, map->size);
    memset(map, 0, sizeof *map);
}
