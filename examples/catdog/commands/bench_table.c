/* SPDX-License-Identifier: MIT */
#include "commands/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static const char *pass_name(cnn_pass_t pass)
{
    static const char *const names[] = {
        [CNN_PASS_FORWARD] = "forward",
        [CNN_PASS_BACKWARD] = "backward",
        [CNN_PASS_BACKWARD_KERNEL] = "backward kernel",
        [CNN_PASS_BACKWARD_DATA] = "backward data",
        [CNN_PASS_BACKWARD_UPDATE] = "backward+update",
        [CNN_PASS_UPDATE] = "update",
        [CNN_PASS_PREDICT] = "predict",
    };
    return pass < sizeof names / sizeof *names ? names[pass] : "?";
}

/* The arithmetic and memory throughput of a pass, and their fractions of the peak throughput. */
struct rates {
    double gflops, fma_share, gbs, bandwidth_share;
};

static struct rates rates_of(const cnn_profile_summary_t *s, const cnn_profile_entry_t *e)
{
    const double each = e->seconds > 0 ? 1e-9 / e->seconds : 0;
    const double gflops = 2 * e->multiply_adds * each, gbs = e->bytes * each;

    return (struct rates){gflops, gflops / s->fma_gflops, gbs, gbs / s->bandwidth_gbs};
}

/* ---- text ---- */

static void print_entry(const cnn_profile_summary_t *s, const cnn_profile_entry_t *e)
{
    const struct rates r = rates_of(s, e);

    printf("%-20s %-16s %-10s %9.3f", *e->layer ? e->layer : "(all)", pass_name(e->pass),
           *e->algorithm ? e->algorithm : "-", 1e3 * e->seconds);
    if (e->multiply_adds > 0)
        printf(" %8.1f %5.0f %%", r.gflops, 100 * r.fma_share);
    else
        printf(" %8s %7s", "-", "-");
    printf(" %7.1f %5.0f %%\n", r.gbs, 100 * r.bandwidth_share);
}

static void print_whole(const cnn_profile_summary_t *s)
{
    if (s->train_step_seconds > 0)
        printf("training: %.1f images/s, %.3f ms a step (best %.3f)\n", s->train_images_per_second,
               1e3 * s->train_step_seconds, 1e3 * s->train_best_seconds);
    printf("prediction: %.1f images/s, %.3f ms a batch (best %.3f)\n"
           "one image: %.3f ms (best %.3f)\n",
           s->predict_images_per_second, 1e3 * s->predict_seconds, 1e3 * s->predict_best_seconds,
           1e3 * s->latency_seconds, 1e3 * s->latency_best_seconds);
}

/* A row of the table: the times of one algorithm for a layer. Its candidates, one for each pass,
 * follow one another in the profile. */
struct row {
    const char *layer, *algorithm;
    double ms[CNN_PASS_PREDICT + 1], sum, cost;
    int chosen;
};

static void print_row(const struct row *row)
{
    printf("%-20s %-10s", row->layer, row->algorithm);
    for (int pass = 0; pass <= CNN_PASS_PREDICT; pass++) {
        if (pass == CNN_PASS_BACKWARD || pass == CNN_PASS_BACKWARD_UPDATE ||
            pass == CNN_PASS_UPDATE)
            continue;
        if (row->ms[pass] > 0)
            printf(" %9.3f", row->ms[pass]);
        else
            printf(" %9s", "-");
    }
    printf(" %9.3f %11.1f%s\n", row->sum, 1e-6 * row->cost, row->chosen ? "  chosen" : "");
}

static int same_row(const cnn_profile_candidate_t *a, const cnn_profile_candidate_t *b)
{
    return strcmp(a->layer, b->layer) == 0 && strcmp(a->algorithm, b->algorithm) == 0 &&
           (a->pass == CNN_PASS_PREDICT) == (b->pass == CNN_PASS_PREDICT);
}

static void add_to_row(struct row *row, const cnn_profile_candidate_t *c)
{
    row->layer = c->layer;
    row->algorithm = c->algorithm;
    row->ms[c->pass] = 1e3 * c->seconds;
    row->sum += 1e3 * c->seconds;
    row->cost += c->cost;
    row->chosen = c->chosen;
}

static void print_candidates(const struct bench_result *result)
{
    const size_t n = cnn_profile_candidate_count(result->profile);
    cnn_profile_candidate_t last = CNN_INIT(cnn_profile_candidate_t), next = last;
    struct row row = {0};

    printf("\nms of each algorithm that a layer could use, max pooling included\n\n"
           "%-20s %-10s %9s %9s %9s %9s %9s %11s\n",
           "layer", "algorithm", "forward", "kernel", "data", "predict", "sum", "cost model");
    for (size_t i = 0; i < n; i++) {
        if (cnn_profile_candidate(result->profile, i, &next) != CNN_OK)
            continue;
        if (i > 0 && !same_row(&last, &next)) {
            print_row(&row);
            row = (struct row){0};
        }
        add_to_row(&row, &next);
        last = next;
    }
    if (n > 0)
        print_row(&row);
}

void bench_print_table(const struct bench_result *result)
{
    const cnn_profile_summary_t *s = &result->summary;
    cnn_profile_entry_t entry = CNN_INIT(cnn_profile_entry_t);

    printf("%s: batch %u, %u threads, %s kernels\n"
           "peak throughput of all threads: %.1f GFLOP/s, reading %.1f GB/s\n\n"
           "%-20s %-16s %-10s %9s %8s %7s %7s %7s\n",
           result->preset ? result->preset : result->model, (unsigned)s->batch_size,
           (unsigned)s->threads, s->kernels, s->fma_gflops, s->bandwidth_gbs, "layer", "pass",
           "algorithm", "ms", "GFLOP/s", "of peak", "GB/s", "of peak");
    for (size_t i = 0; i < cnn_profile_entry_count(result->profile); i++)
        if (cnn_profile_entry(result->profile, i, &entry) == CNN_OK)
            print_entry(s, &entry);
    putchar('\n');
    print_whole(s);
    if (result->tuned)
        print_candidates(result);
}

/* ---- JSON ---- */

static json_t *text_or_null(const char *text)
{
    return text && *text ? json_text(text) : json_null();
}

static json_t *entry_json(const cnn_profile_summary_t *s, const cnn_profile_entry_t *e)
{
    const struct rates r = rates_of(s, e);

    return json_pack("{s:o, s:s, s:o, s:f, s:f, s:f, s:o, s:o, s:o, s:o}", "layer",
                     text_or_null(e->layer), "pass", pass_name(e->pass), "algorithm",
                     text_or_null(e->algorithm), "ms", 1e3 * e->seconds, "multiply_adds",
                     e->multiply_adds, "bytes", e->bytes, "gflops", json_number(r.gflops),
                     "fma_share", json_number(r.fma_share), "gbs", json_number(r.gbs),
                     "bandwidth_share", json_number(r.bandwidth_share));
}

static json_t *layers_json(const struct bench_result *result)
{
    cnn_profile_entry_t entry = CNN_INIT(cnn_profile_entry_t);
    json_t *layers = json_array();

    for (size_t i = 0; i < cnn_profile_entry_count(result->profile); i++)
        if (cnn_profile_entry(result->profile, i, &entry) == CNN_OK)
            json_array_append_new(layers, entry_json(&result->summary, &entry));
    return layers;
}

static json_t *candidates_json(const struct bench_result *result)
{
    cnn_profile_candidate_t c = CNN_INIT(cnn_profile_candidate_t);
    json_t *candidates;

    if (!result->tuned)
        return json_null();
    candidates = json_array();
    for (size_t i = 0; i < cnn_profile_candidate_count(result->profile); i++)
        if (cnn_profile_candidate(result->profile, i, &c) == CNN_OK)
            json_array_append_new(
                candidates, json_pack("{s:o, s:s, s:s, s:f, s:f, s:b}", "layer", json_text(c.layer),
                                      "algorithm", c.algorithm, "pass", pass_name(c.pass), "ms",
                                      1e3 * c.seconds, "cost", c.cost, "chosen", c.chosen));
    return candidates;
}

/* Returns the value as a JSON number, or null if training was not measured. */
static json_t *if_trained(const cnn_profile_summary_t *s, double value)
{
    return s->train_step_seconds > 0 ? json_number(value) : json_null();
}

int bench_print_json(const struct bench_result *result)
{
    const cnn_profile_summary_t *s = &result->summary;

    return json_print_line(json_pack(
        "{s:o, s:o, s:I, s:I, s:s, s:f, s:f, s:o, s:o, s:o, s:f, s:f, s:f, s:f, s:f, s:o, s:o}",
        "preset", text_or_null(result->preset), "model", text_or_null(result->model), "batch",
        (json_int_t)s->batch_size, "threads", (json_int_t)s->threads, "kernels", s->kernels,
        "fma_gflops", s->fma_gflops, "bandwidth_gbs", s->bandwidth_gbs, "train_images_per_second",
        if_trained(s, s->train_images_per_second), "train_step_ms",
        if_trained(s, 1e3 * s->train_step_seconds), "best_train_step_ms",
        if_trained(s, 1e3 * s->train_best_seconds), "predict_images_per_second",
        s->predict_images_per_second, "predict_ms", 1e3 * s->predict_seconds, "best_predict_ms",
        1e3 * s->predict_best_seconds, "latency_ms", 1e3 * s->latency_seconds, "best_latency_ms",
        1e3 * s->latency_best_seconds, "layers", layers_json(result), "candidates",
        candidates_json(result)));
}
