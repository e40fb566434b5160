/* SPDX-License-Identifier: MIT
 *
 * A lock for what a child made by fork() goes on using. It names the process that holds it, so a
 * child can tell that the holder is a thread of its parent, of which it has none, and takes the
 * lock over; a mutex would stay locked there for ever. Zeroed, it is free. For short work: who
 * waits looks again and again, at first after giving the CPU away, then after 50 microseconds of
 * sleep. */
#ifndef CD_CORE_PROCESS_LOCK_H
#define CD_CORE_PROCESS_LOCK_H

#include <stdatomic.h>

struct cd_process_lock {
    atomic_long holder; /* the process whose thread holds it; 0: nobody */
};

void cd_process_lock_take(struct cd_process_lock *lock);
void cd_process_lock_give(struct cd_process_lock *lock);

#endif
