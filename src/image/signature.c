/* SPDX-License-Identifier: MIT */
#include "image/signature.h"

#include <string.h>

#include "core/text.h"

struct signature {
    size_t offset;
    size_t length;
    const char *bytes;
    const char *name;
};

#define AT(offset, bytes, name) {offset, sizeof bytes - 1, bytes, name}

/* The first match counts, so specific signatures precede general ones. */
static const struct signature signatures[] = {
    AT(0, "\x89PNG", "a PNG image"),
    AT(0, "GIF8", "a GIF image"),
    AT(8, "WEBP", "a WebP image"),
    AT(0, "II*\0", "a TIFF image or a camera's raw file"),
    AT(0, "MM\0*", "a TIFF image or a camera's raw file"),
    AT(0, "II+\0", "a BigTIFF image"),
    AT(0, "MM\0+", "a BigTIFF image"),
    AT(4, "ftypavif", "an AVIF image"),
    AT(4, "ftypavis", "an AVIF image"),
    AT(4, "ftyphei", "a HEIC image"),
    AT(4, "ftyphev", "a HEIC image"),
    AT(4, "ftypmif1", "a HEIF image"),
    AT(4, "ftypmsf1", "a HEIF image"),
    AT(4, "ftyp", "an MP4 or QuickTime file"),
    AT(0, "\0\0\0\x0cjP  ", "a JPEG 2000 image"),
    AT(0, "\xff\x4f\xff\x51", "a JPEG 2000 image"),
    AT(0, "\0\0\0\x0cJXL ", "a JPEG XL image"),
    AT(0, "\xff\x0a", "a JPEG XL image"),
    AT(0, "8BPS", "a Photoshop file"),
    AT(0, "\0\0\x01\0", "an icon file"),
    AT(0, "%PDF", "a PDF document"),
    AT(0, "PK\x03\x04", "a ZIP archive"),
    AT(0, "\x1f\x8b", "a gzip file"),
    AT(0, "\0\x05\x16\x07", "an AppleDouble file of macOS"),
    AT(0, "\x7f" "ELF", "an ELF program"),
    AT(0, "version https://git-lfs", "a Git LFS pointer, not the photo itself"),
    AT(0, "RIFF", "a RIFF file"),
    AT(0, "BM", "a BMP image"),
};

static int fits(const struct signature *signature, const uint8_t *bytes, size_t size)
{
    return size >= signature->offset + signature->length &&
           memcmp(bytes + signature->offset, signature->bytes, signature->length) == 0;
}

/* Returns 1 if all bytes are printable ASCII, white space, or bytes from 0x80 on, which may be
 * UTF-8. */
static int is_text(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] < 0x20 ? !memchr("\t\n\r\f", bytes[i], 4) : bytes[i] == 0x7f)
            return 0;
    return 1;
}

static int is_zeros(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return 0;
    return 1;
}

/* Returns 1 if the bytes begin with word. ASCII case is ignored. word: in lower case. */
static int begins(const uint8_t *bytes, size_t size, const char *word)
{
    const size_t length = strlen(word);

    for (size_t i = 0; i < length; i++)
        if (i >= size || cd_text_lower((char)bytes[i]) != word[i])
            return 0;
    return 1;
}

static const char *text_name(const uint8_t *bytes, size_t size)
{
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) { /* byte order mark */
        bytes += 3;
        size -= 3;
    }
    while (size > 0 && memchr(" \t\r\n", *bytes, 4)) {
        bytes++;
        size--;
    }
    if (begins(bytes, size, "<!doctype html") || begins(bytes, size, "<html") ||
        begins(bytes, size, "<head") || begins(bytes, size, "<body"))
        return "an HTML page";
    if (begins(bytes, size, "<svg"))
        return "an SVG drawing";
    if (begins(bytes, size, "<?xml"))
        return "an XML or SVG file";
    return "a text file";
}

const char *cd_signature_name(const uint8_t *bytes, size_t size)
{
    if (size > CD_SIGNATURE_BYTES)
        size = CD_SIGNATURE_BYTES;
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (fits(&signatures[i], bytes, size))
            return signatures[i].name;
    if (is_zeros(bytes, size))
        return "a file of zero bytes";
    if (is_text(bytes, size))
        return text_name(bytes, size);
    return "an unknown kind of file";
}
