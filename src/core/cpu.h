/* SPDX-License-Identifier: MIT
 *
 * The CPU's own description of itself, for people to read. */
#ifndef CD_CORE_CPU_H
#define CD_CORE_CPU_H

#include <stddef.h>

/* Writes the CPU's name, cut to size bytes (> 0) with its NUL; "" if the CPU has none. */
void cd_cpu_name(char *name, size_t size);

/* Writes the vector instructions that the CPU and the operating system support, separated by
 * spaces. Names that do not fit into size bytes are left out. */
void cd_cpu_features(char *features, size_t size);

#endif
