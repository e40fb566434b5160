/* SPDX-License-Identifier: MIT */
#include "base/presets.h"

#include <stdio.h>
#include <string.h>

int preset_find(const char *name, cnn_preset_info_t *preset)
{
    preset->struct_size = sizeof *preset;
    for (size_t i = 0; name && i < cnn_preset_count(); i++)
        if (cnn_preset_info(i, preset) == CNN_OK && strcmp(preset->name, name) == 0)
            return 1;
    return 0;
}

void preset_names(char *text, size_t size)
{
    cnn_preset_info_t preset = CNN_INIT(cnn_preset_info_t);

    text[0] = '\0';
    for (size_t i = 0; i < cnn_preset_count(); i++) {
        const size_t used = strlen(text);
        if (cnn_preset_info(i, &preset) == CNN_OK)
            snprintf(text + used, size - used, "%s%s", used ? ", " : "", preset.name);
    }
}
