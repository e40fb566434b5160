/* SPDX-License-Identifier: MIT
 *
 * A monotonic clock. */
#ifndef CD_CORE_CLOCK_H
#define CD_CORE_CLOCK_H

/* Seconds since an arbitrary moment, on a clock that nobody sets. Any thread may call it. */
double cd_clock_seconds(void);

#endif
