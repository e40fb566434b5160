/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include "kernels/blas_library.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <string.h>

#include "core/process_lock.h"

#define SONAME "libopenblas.so.0"

enum { UNKNOWN, ABSENT, LOADED };

static struct cd_process_lock lock;
static atomic_int state;
static struct cd_blas_library library; /* written once, before state becomes LOADED */

static int find(void *handle, const char *name, void *function, size_t size)
{
    void *address = dlsym(handle, name);

    /* POSIX allows this conversion of an object pointer to a function pointer; ISO C does not. */
    memcpy(function, &address, size);
    return address != NULL;
}

#define FIND(member, name) find(handle, name, &library.member, sizeof library.member)

/* Callback of dl_iterate_phdr(): sets *answer to 1 if the program names a dynamic loader
 * (PT_INTERP). The program itself is the first object that is visited. */
static int has_loader(struct dl_phdr_info *program, size_t size, void *answer)
{
    int *found = answer;

    (void)size;
    for (size_t i = 0; i < program->dlpi_phnum; i++)
        *found |= program->dlpi_phdr[i].p_type == PT_INTERP;
    return 1; /* stop after the first object */
}

/* Returns 1 if OpenBLAS may be loaded: not in a statically linked program. Such a program contains
 * the C library, and OpenBLAS would load a second copy. */
static int may_load(void)
{
    int found = 0;

    dl_iterate_phdr(has_loader, &found);
    return found;
}

static int load(void)
{
    void *handle = may_load() ? dlopen(SONAME, RTLD_NOW | RTLD_LOCAL) : NULL;

    if (!handle)
        return ABSENT;
    if (FIND(sgemm, "cblas_sgemm") && FIND(sgemv, "cblas_sgemv") &&
        FIND(get_threads, "openblas_get_num_threads") &&
        FIND(set_threads, "openblas_set_num_threads"))
        return LOADED;
    dlclose(handle);
    return ABSENT;
}

const struct cd_blas_library *cd_blas_library(void)
{
    int known = atomic_load_explicit(&state, memory_order_acquire);

    if (known == UNKNOWN) {
        cd_process_lock_take(&lock);
        known = atomic_load_explicit(&state, memory_order_acquire);
        if (known == UNKNOWN) {
            known = load();
            atomic_store_explicit(&state, known, memory_order_release);
        }
        cd_process_lock_give(&lock);
    }
    return known == LOADED ? &library : NULL;
}
