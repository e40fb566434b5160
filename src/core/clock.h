/* SPDX-License-Identifier: MIT
 *
 * A monotonic clock. */
#ifndef CD_CORE_CLOCK_H
#define CD_CORE_CLOCK_H

/* Returns the seconds since an arbitrary point in time. The clock never goes back. Thread-safe. */
double cd_clock_seconds(void);

#endif
