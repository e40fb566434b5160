/* SPDX-License-Identifier: MIT
 *
 * A lock that can be used after fork(). It stores the process that holds it. If a thread of the
 * parent process held the lock at the time of the fork, the child takes the lock over, because that
 * thread does not exist in the child. A mutex would stay locked forever. A zeroed lock is free. The
 * lock is for short critical sections: waiting threads poll, first yielding the CPU, then sleeping
 * 50 microseconds at a time. */
#ifndef CD_CORE_PROCESS_LOCK_H
#define CD_CORE_PROCESS_LOCK_H

#include <stdatomic.h>

struct cd_process_lock {
    atomic_long holder; /* id of the process whose thread holds the lock, or 0 if it is free */
};

/* Acquire and release the lock. */
void cd_process_lock_take(struct cd_process_lock *lock);
void cd_process_lock_give(struct cd_process_lock *lock);

#endif
