/* SPDX-License-Identifier: MIT
 *
 * Time that passes. */
#ifndef CD_CORE_CLOCK_H
#define CD_CORE_CLOCK_H

/* Seconds since some moment, on a clock that is never set. */
double cd_clock_seconds(void);

#endif
