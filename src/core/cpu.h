/* SPDX-License-Identifier: MIT
 *
 * What the CPU says of itself, for people. */
#ifndef CD_CORE_CPU_H
#define CD_CORE_CPU_H

#include <stddef.h>

/* Its name, ended by NUL and cut to size (> 0); "" if it says none. */
void cd_cpu_name(char *name, size_t size);

/* Those of the vector instructions that it and the operating system have, a space between; whole
 * names only. */
void cd_cpu_features(char *features, size_t size);

#endif
