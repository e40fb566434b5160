/* SPDX-License-Identifier: MIT */
#include "core/cpu.h"

#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#define IS_X86
#endif

#ifdef IS_X86

/* CPUID returns the name in three leaves of 16 bytes, padded with spaces at both ends and between
 * words. */
void cd_cpu_name(char *name, size_t size)
{
    unsigned words[12];
    char text[sizeof words + 1] = "";
    size_t length = 0;

    if ((unsigned)__get_cpuid_max(0x80000000u, NULL) >= 0x80000004u) {
        for (unsigned i = 0; i < 3; i++)
            __cpuid(0x80000002u + i, words[4 * i], words[4 * i + 1], words[4 * i + 2],
                    words[4 * i + 3]);
        memcpy(text, words, sizeof words);
    }
    for (size_t i = 0; text[i] && length + 1 < size; i++)
        if (text[i] != ' ' || (length > 0 && text[i + 1] != ' ' && text[i + 1] != '\0'))
            name[length++] = text[i];
    name[length] = '\0';
}

#else

void cd_cpu_name(char *name, size_t size)
{
    (void)size;
    name[0] = '\0';
}

#endif

static void append(char *features, size_t size, const char *name, int has)
{
    const size_t length = strlen(features), more = strlen(name) + (length > 0);

    if (!has || length + more >= size)
        return;
    if (length > 0)
        strcat(features, " ");
    strcat(features, name);
}

void cd_cpu_features(char *features, size_t size)
{
    features[0] = '\0';
#ifdef IS_X86
#define FEATURE(name) append(features, size, name, __builtin_cpu_supports(name) != 0)
    FEATURE("sse2");
    FEATURE("sse4.1");
    FEATURE("avx");
    FEATURE("avx2");
    FEATURE("fma");
    FEATURE("avx512f");
    FEATURE("avx512bw");
    FEATURE("avx512dq");
    FEATURE("avx512vl");
    FEATURE("avx512vnni");
#elif defined(__aarch64__)
    append(features, size, "neon", 1);
#else
    append(features, size, "", 0);
#endif
}
