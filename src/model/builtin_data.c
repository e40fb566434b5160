/* SPDX-License-Identifier: MIT
 *
 * The Makefile defines either CD_BUILTIN_FILE, the model file to include, or CD_BUILTIN_PATH, the
 * path that the model file will be installed to. */
#include "model/builtin.h"

#ifdef CD_BUILTIN_FILE

/* C cannot include a binary file, but the assemblers of gcc and clang can. The data are read-only,
 * hidden from other libraries, and aligned to a cache line. */
__asm__(".section .rodata\n"
        ".balign 64\n"
        ".globl cd_builtin_begin\n"
        ".hidden cd_builtin_begin\n"
        ".type cd_builtin_begin, %object\n"
        "cd_builtin_begin:\n"
        ".incbin \"" CD_BUILTIN_FILE "\"\n"
        ".globl cd_builtin_end\n"
        ".hidden cd_builtin_end\n"
        ".type cd_builtin_end, %object\n"
        "cd_builtin_end:\n"
        ".byte 0\n"
        ".size cd_builtin_begin, cd_builtin_end - cd_builtin_begin\n"
        ".size cd_builtin_end, 1\n"
        ".previous\n");

extern const uint8_t cd_builtin_begin[] __attribute__((visibility("hidden")));
extern const uint8_t cd_builtin_end[] __attribute__((visibility("hidden")));

struct cd_builtin cd_builtin(void)
{
    return (struct cd_builtin){.bytes = cd_builtin_begin,
                               .size = (size_t)(cd_builtin_end - cd_builtin_begin)};
}

#else

struct cd_builtin cd_builtin(void)
{
    return (struct cd_builtin){.path = CD_BUILTIN_PATH};
}

#endif
