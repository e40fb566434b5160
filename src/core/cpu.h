/* SPDX-License-Identifier: MIT
 *
 * The CPU's name and vector extensions as text, for reports. */
#ifndef CD_CORE_CPU_H
#define CD_CORE_CPU_H

#include <stddef.h>

/* Writes the CPU's name to a buffer of size bytes (> 0), truncated if necessary; "" if the CPU
 * reports none. */
void cd_cpu_name(char *name, size_t size);

/* Writes the names of the vector extensions that the CPU and the operating system support,
 * separated by spaces. Names that do not fit into size bytes (> 0) are left out. */
void cd_cpu_features(char *features, size_t size);

#endif
