/* SPDX-License-Identifier: MIT
 *
 * Draws images of cats and dogs (and birds) into a folder, for the tests and for a demo without
 * photos. Each image shows a head of random colour, place and size on a cluttered noisy background.
 * Cats have pointed ears and whiskers; dogs have hanging ears and a snout. The same seed draws the
 * same images. */
#include <catdog/catdog.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct colour {
    double r, g, b;
};

struct canvas {
    int height, width;
    uint8_t *rgb;
    uint64_t random;
};

/* Returns a random number from low to high, by the generator xorshift64*. */
static double uniform(struct canvas *c, double low, double high)
{
    c->random ^= c->random >> 12;
    c->random ^= c->random << 25;
    c->random ^= c->random >> 27;
    double unit = (double)((c->random * 2685821657736338717u) >> 11) / 9007199254740992.0;
    return low + (high - low) * unit;
}

static struct colour random_colour(struct canvas *c)
{
    double r = uniform(c, 30, 225);
    double g = r * uniform(c, 0.6, 1.1), b = r * uniform(c, 0.4, 1.1);
    struct colour colour = {r, g, b};

    return colour;
}

static struct colour shade(struct colour colour, double by)
{
    struct colour shaded = {colour.r * by, colour.g * by, colour.b * by};

    return shaded;
}

static uint8_t to_byte(double value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static void dot(struct canvas *c, int y, int x, struct colour colour)
{
    if (y < 0 || x < 0 || y >= c->height || x >= c->width)
        return;
    uint8_t *p = c->rgb + ((size_t)y * (size_t)c->width + (size_t)x) * 3;
    p[0] = to_byte(colour.r);
    p[1] = to_byte(colour.g);
    p[2] = to_byte(colour.b);
}

static void ellipse(struct canvas *c, double cy, double cx, double ry, double rx,
                    struct colour colour)
{
    for (int y = (int)(cy - ry); y <= (int)(cy + ry); y++)
        for (int x = (int)(cx - rx); x <= (int)(cx + rx); x++) {
            double dy = (y - cy) / ry, dx = (x - cx) / rx;
            if (dy * dy + dx * dx <= 1)
                dot(c, y, x, colour);
        }
}

/* Draws a triangle with two corners at height y (x1 and x2) and the third at (tip_y, tip_x). */
static void triangle(struct canvas *c, double y, double x1, double x2, double tip_y, double tip_x,
                     struct colour colour)
{
    double step = tip_y < y ? -1 : 1;

    for (double row = y; step * row <= step * tip_y; row += step) {
        double t = (row - y) / (tip_y - y);
        for (double x = x1 + t * (tip_x - x1); x <= x2 + t * (tip_x - x2); x += 1)
            dot(c, (int)row, (int)x, colour);
    }
}

static void line(struct canvas *c, double y1, double x1, double y2, double x2, struct colour colour)
{
    double length = fmax(fabs(y2 - y1), fabs(x2 - x1)) + 1;

    for (double t = 0; t <= 1; t += 0.5 / length)
        dot(c, (int)(y1 + t * (y2 - y1)), (int)(x1 + t * (x2 - x1)), colour);
}

static void background(struct canvas *c)
{
    struct colour from = random_colour(c), to = random_colour(c);

    for (int y = 0; y < c->height; y++)
        for (int x = 0; x < c->width; x++) {
            double t = (double)y / c->height;
            struct colour colour = {from.r + t * (to.r - from.r), from.g + t * (to.g - from.g),
                                    from.b + t * (to.b - from.b)};
            dot(c, y, x, colour);
        }
    for (int i = (int)uniform(c, 1, 5); i > 0; i--) {
        double y = uniform(c, 0, c->height), x = uniform(c, 0, c->width);
        double size = uniform(c, 5, 0.25 * c->height);
        if (uniform(c, 0, 1) < 0.5)
            ellipse(c, y, x, size, size * uniform(c, 0.4, 2), random_colour(c));
        else
            triangle(c, y, x - size, x + size, y - size * uniform(c, -1.5, 1.5) - 1, x,
                     random_colour(c));
    }
}

static void noise(struct canvas *c, double strength)
{
    size_t n = (size_t)c->height * (size_t)c->width * 3;

    for (size_t i = 0; i < n; i++)
        c->rgb[i] = to_byte(c->rgb[i] + uniform(c, -strength, strength));
}

static void eyes(struct canvas *c, double y, double x, double r, double pupil_width)
{
    struct colour white = {230, 230, 210}, black = {15, 15, 15};

    for (int side = -1; side <= 1; side += 2) {
        ellipse(c, y - 0.15 * r, x + side * 0.4 * r, 0.15 * r, 0.17 * r, white);
        ellipse(c, y - 0.15 * r, x + side * 0.4 * r, 0.13 * r, pupil_width * r, black);
    }
}

static void draw_cat(struct canvas *c, double y, double x, double r, struct colour fur)
{
    struct colour line_colour = {240, 240, 240}, nose = {200, 110, 120};

    for (int side = -1; side <= 1; side += 2)
        triangle(c, y - 0.5 * r, x + side * 0.6 * r - 0.35 * r, x + side * 0.6 * r + 0.35 * r,
                 y - uniform(c, 1.25, 1.6) * r, x + side * 0.75 * r, fur);
    ellipse(c, y, x, 0.9 * r, r, fur);
    eyes(c, y, x, r, 0.05);
    triangle(c, y + 0.15 * r, x - 0.12 * r, x + 0.12 * r, y + 0.3 * r, x, nose);
    for (int side = -1; side <= 1; side += 2)
        for (int i = -1; i <= 1; i++)
            line(c, y + 0.3 * r, x + side * 0.25 * r, y + (0.3 + 0.2 * i) * r, x + side * 1.2 * r,
                 line_colour);
}

static void draw_dog(struct canvas *c, double y, double x, double r, struct colour fur)
{
    struct colour black = {25, 20, 20}, tongue = {210, 90, 100};
    double length = uniform(c, 0.5, 0.8);

    ellipse(c, y, x, 0.95 * r, 0.85 * r, fur);
    for (int side = -1; side <= 1; side += 2)
        ellipse(c, y + 0.1 * r, x + side * 0.9 * r, length * r, 0.25 * r, shade(fur, 0.5));
    eyes(c, y, x, r, 0.1);
    if (uniform(c, 0, 1) < 0.5)
        ellipse(c, y + 0.85 * r, x, 0.25 * r, 0.13 * r, tongue);
    ellipse(c, y + 0.45 * r, x, 0.35 * r, 0.4 * r, shade(fur, 1.25));
    ellipse(c, y + 0.25 * r, x, 0.13 * r, 0.18 * r, black);
}

static void draw_bird(struct canvas *c, double y, double x, double r, struct colour fur)
{
    struct colour beak = {235, 160, 40}, black = {15, 15, 15};
    double side = uniform(c, 0, 1) < 0.5 ? -1 : 1;

    ellipse(c, y + 0.3 * r, x, 0.6 * r, r, fur);
    ellipse(c, y - 0.4 * r, x + side * 0.7 * r, 0.4 * r, 0.4 * r, fur);
    for (int i = -3; i <= 3; i++)
        line(c, y - 0.4 * r + i, x + side * r, y - 0.35 * r, x + side * 1.5 * r, beak);
    ellipse(c, y - 0.5 * r, x + side * 0.8 * r, 0.07 * r, 0.07 * r, black);
    triangle(c, y + 0.2 * r, x - 0.5 * r, x + 0.4 * r, y + 0.7 * r, x - side * 0.4 * r,
             shade(fur, 0.7));
}

static const struct {
    const char *name, *folder;
    void (*draw)(struct canvas *c, double y, double x, double r, struct colour fur);
} kinds[] = {{"cat", "cats", draw_cat}, {"dog", "dogs", draw_dog}, {"bird", "birds", draw_bird}};

static void draw(struct canvas *c, size_t kind)
{
    double r = c->height * uniform(c, 0.24, 0.34);
    double y = c->height * 0.5 + uniform(c, -0.08, 0.08) * c->height;
    double x = c->width * 0.5 + uniform(c, -0.1, 0.1) * c->width;

    background(c);
    kinds[kind].draw(c, y, x, r, random_colour(c));
    noise(c, uniform(c, 5, 25));
}

/* Most images have the same size, like the photos of one camera. */
static void choose_size(struct canvas *c)
{
    static const int sizes[][2] = {{150, 200}, {150, 200}, {150, 200},
                                   {200, 150}, {160, 180}, {140, 200}};
    size_t i = (size_t)uniform(c, 0, sizeof sizes / sizeof *sizes);

    c->height = sizes[i][0];
    c->width = sizes[i][1];
}

static int draw_file(cnn_context_t *context, const char *path, size_t kind, uint64_t seed)
{
    static uint8_t rgb[200 * 200 * 3];
    struct canvas c = {.rgb = rgb, .random = seed * 0x9E3779B97F4A7C15u | 1};
    const cnn_image_save_options_t save = {.struct_size = sizeof save, .quality = 85};
    cnn_image_t *image = NULL;

    for (int i = 0; i < 8; i++) /* similar seeds give similar first numbers */
        uniform(&c, 0, 1);
    choose_size(&c);
    draw(&c, kind);
    int good =
        cnn_image_create(context, rgb, (size_t)c.height, (size_t)c.width, 0, &image) == CNN_OK &&
        cnn_image_save(image, path, &save) == CNN_OK;
    if (!good)
        fprintf(stderr, "draw_photos: %s\n", cnn_error_message());
    cnn_image_free(image);
    return good;
}

static int make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return 1;
    fprintf(stderr, "draw_photos: %s: %s\n", path, strerror(errno));
    return 0;
}

static int draw_kind(cnn_context_t *context, const char *folder, int folders, size_t kind,
                     unsigned long count, unsigned long seed)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", folder, kinds[kind].folder);
    if (folders && !make_folder(path))
        return 0;
    for (unsigned long i = 0; i < count; i++) {
        snprintf(path, sizeof path, folders ? "%s/%s/%lu.jpg" : "%s/%s.%lu.jpg", folder,
                 folders ? kinds[kind].folder : kinds[kind].name, i);
        if (!draw_file(context, path, kind, (seed * 3 + kind) * 1000003 + i))
            return 0;
    }
    return 1;
}

int main(int argc, char **argv)
{
    cnn_context_t *context = NULL;
    unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    const char *layout = argc > 3 ? argv[3] : "prefix";
    unsigned long seed = argc > 4 ? strtoul(argv[4], NULL, 10) : 1;
    unsigned long classes = argc > 5 ? strtoul(argv[5], NULL, 10) : 2;
    int folders = strcmp(layout, "folders") == 0;

    if (argc < 3 || argc > 6 || count == 0 || classes < 2 || classes > 3 ||
        (!folders && strcmp(layout, "prefix") != 0)) {
        fprintf(stderr,
                "usage: draw_photos FOLDER COUNT [prefix|folders [SEED [CLASSES]]]\n"
                "Draws COUNT pictures of cats and as many of dogs (CLASSES 3: and birds), as\n"
                "FOLDER/cat.0.jpg or FOLDER/cats/0.jpg. These are drawings, not photos.\n");
        return 2;
    }
    int good = make_folder(argv[1]) && cnn_context_create(NULL, &context) == CNN_OK;
    for (size_t kind = 0; good && kind < classes; kind++)
        good = draw_kind(context, argv[1], folders, kind, count, seed);
    cnn_context_free(context);
    return good ? 0 : 1;
}
