/* SPDX-License-Identifier: MIT
 *
 * A lock that a child made by fork() can go on using. It names the process that holds it. A child
 * that finds it held by its parent takes it over, because the thread that held it does not exist in
 * the child; a mutex would stay locked forever. A zeroed lock is free. Meant for short sections:
 * waiting threads poll, first yielding the CPU, then sleeping 50 microseconds at a time. */
#ifndef CD_CORE_PROCESS_LOCK_H
#define CD_CORE_PROCESS_LOCK_H

#include <stdatomic.h>

struct cd_process_lock {
    atomic_long holder; /* id of the process whose thread holds it; 0: free */
};

/* Waits until the lock is free and takes it. */
void cd_process_lock_take(struct cd_process_lock *lock);
void cd_process_lock_give(struct cd_process_lock *lock);

#endif
