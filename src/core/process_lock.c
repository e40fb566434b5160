/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "core/process_lock.h"

#include <sched.h>
#include <time.h>
#include <unistd.h>

static void rest(unsigned tries)
{
    static const struct timespec moment = {.tv_nsec = 50000};

    if (tries < 100)
        sched_yield();
    else
        nanosleep(&moment, NULL);
}

void cd_process_lock_take(struct cd_process_lock *lock)
{
    const long self = (long)getpid();
    long seen = 0;

    for (unsigned tries = 0;
         !atomic_compare_exchange_weak_explicit(&lock->holder, &seen, self, memory_order_acquire,
                                                memory_order_relaxed);)
        if (seen == 0 || seen == self) { /* else held by the parent: the next attempt takes it */
            seen = 0;
            rest(tries++);
        }
}

void cd_process_lock_give(struct cd_process_lock *lock)
{
    atomic_store_explicit(&lock->holder, 0, memory_order_release);
}
