/* SPDX-License-Identifier: MIT
 *
 * Finds the library's presets by name. */
#ifndef CATDOG_PRESETS_H
#define CATDOG_PRESETS_H

#include <catdog/catdog.h>

/* Finds a preset. Returns 1, or 0 if no preset has this name or the name is NULL. */
int preset_find(const char *name, cnn_preset_info_t *preset);

/* Writes the names of all presets, separated by ", ". */
void preset_names(char *text, size_t size);

#endif
