/* SPDX-License-Identifier: MIT
 *
 * Tests opening a folder: which photos are found, their order, and their classes. */
#define _XOPEN_SOURCE 700
#include <catdog/catdog.h>
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/photo_folder.h"

static struct photo_folder folder;
static cnn_context_t *context;

static void setup(void)
{
    folder_make(&folder);
    context = context_with_threads(1);
}

static void teardown(void)
{
    cnn_context_free(context);
    folder_remove(&folder);
}

static cnn_dataset_t *open_with(const cnn_dataset_open_options_t *options)
{
    cnn_dataset_t *dataset;
    cnn_status_t rc = cnn_dataset_open(context, folder.path, options, &dataset);
    ck_assert_msg(rc == CNN_OK, "%s", cnn_error_message());
    return dataset;
}

static cnn_dataset_t *open_given(const char *const *classes, size_t n)
{
    cnn_dataset_open_options_t options = {
        .struct_size = sizeof options, .classes = classes, .n_classes = n};
    return open_with(&options);
}

/* Checks that opening the folder fails with this status and a message that names the folder. */
static void refused_with(const cnn_dataset_open_options_t *options, cnn_status_t status)
{
    cnn_dataset_t *dataset = (cnn_dataset_t *)&folder;
    ck_assert_int_eq(cnn_dataset_open(context, folder.path, options, &dataset), status);
    ck_assert_ptr_null(dataset);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), folder.path));
}

static void refused_layout(cnn_layout_t layout, cnn_status_t status)
{
    cnn_dataset_open_options_t options = {.struct_size = sizeof options, .layout = layout};
    refused_with(&options, status);
}

static void has_sample(const cnn_dataset_t *dataset, size_t index, const char *name, uint32_t label)
{
    cnn_sample_t sample = {.struct_size = sizeof sample};
    ck_assert_int_eq(cnn_dataset_sample(dataset, index, &sample), CNN_OK);
    ck_assert_str_eq(sample.path, folder_path(&folder, name));
    ck_assert_uint_eq(sample.label, label);
    ck_assert_ptr_null(sample.pixels);
}

static void has_skipped(const cnn_dataset_t *dataset, size_t index, const char *name,
                        cnn_status_t status, const char *reason)
{
    cnn_skipped_t skipped = {.struct_size = sizeof skipped};
    ck_assert_int_eq(cnn_dataset_skipped(dataset, index, &skipped), CNN_OK);
    ck_assert_str_eq(skipped.path, folder_path(&folder, name));
    ck_assert_int_eq(skipped.status, status);
    ck_assert_msg(strstr(skipped.reason, reason) != NULL, "\"%s\" lacks \"%s\"", skipped.reason,
                  reason);
}

static void has_classes(const cnn_dataset_t *dataset, size_t n, const char *const *names)
{
    ck_assert_uint_eq(cnn_dataset_class_count(dataset), n);
    for (size_t i = 0; i < n; i++)
        ck_assert_str_eq(cnn_dataset_class_name(dataset, i), names[i]);
    ck_assert_ptr_null(cnn_dataset_class_name(dataset, n));
}

START_TEST(prefix_layout)
{
    static const char *const files[] = {"dog.0.jpg",  "cat.10.jpg", "cat.9.JPG",   "dog.3.JpEg",
                                        "cat.1.jpeg", "photo.jpg",  ".cat.2.jpg",  "cat.0.png",
                                        "notes.txt",  "cat.3.jpgx", "._cat.1.jpg", "jpg"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        folder_touch(&folder, files[i]);
    folder_sub(&folder, "cat.5.jpg"); /* a folder is not a photo, whatever its name */
    folder_sub(&folder, "deeper");
    folder_touch(&folder, "deeper/cat.77.jpg");

    cnn_dataset_t *dataset = open_with(NULL);
    has_classes(dataset, 2, (const char *const[]){"dog", "cat"});
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 5);
    has_sample(dataset, 0, "cat.1.jpeg", 1);
    has_sample(dataset, 1, "cat.10.jpg", 1);
    has_sample(dataset, 2, "cat.9.JPG", 1);
    has_sample(dataset, 3, "dog.0.jpg", 0);
    has_sample(dataset, 4, "dog.3.JpEg", 0);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 1);
    has_skipped(dataset, 0, "photo.jpg", CNN_ERROR_DATA, "class");
    cnn_dataset_free(dataset);

    cnn_dataset_open_options_t strict = {.struct_size = sizeof strict, .strict = 1};
    refused_with(&strict, CNN_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "photo.jpg"));
}
END_TEST

START_TEST(folder_layout)
{
    static const char *const folders[] = {"Dogs of 2023", "cat", "b\xc3\xa4r", "empty", ".hidden"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        folder_sub(&folder, folders[i]);
    folder_touch(&folder, "cat/any.name.JPG");
    folder_touch(&folder, "cat/1.jpg");
    folder_touch(&folder, "cat/.2.jpg");
    folder_touch(&folder, "Dogs of 2023/a b.jpeg");
    folder_touch(&folder, "b\xc3\xa4r/x.jpg");
    folder_touch(&folder, "empty/readme.txt");
    folder_touch(&folder, ".hidden/x.jpg");
    folder_touch(&folder, "dog.0.jpg");
    folder_sub(&folder, "cat/kittens");
    folder_touch(&folder, "cat/kittens/3.jpg");

    cnn_dataset_t *dataset = open_with(NULL);
    has_classes(dataset, 3, (const char *const[]){"Dogs of 2023", "b\xc3\xa4r", "cat"});
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 4);
    has_sample(dataset, 0, "Dogs of 2023/a b.jpeg", 0);
    has_sample(dataset, 1, "b\xc3\xa4r/x.jpg", 1);
    has_sample(dataset, 2, "cat/1.jpg", 2);
    has_sample(dataset, 3, "cat/any.name.JPG", 2);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 1);
    has_skipped(dataset, 0, "dog.0.jpg", CNN_ERROR_DATA, "not in the folder of a class");
    cnn_dataset_free(dataset);

    refused_layout(CNN_LAYOUT_PREFIX, CNN_ERROR_DATA); /* "dog" is the only class */
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "dog"));
}
END_TEST

START_TEST(automatic_layout)
{
    folder_sub(&folder, "cats");
    folder_sub(&folder, "other");
    folder_touch(&folder, "cats/1.jpg");
    refused_layout(CNN_LAYOUT_AUTO, CNN_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "one folder"));
    refused_layout(CNN_LAYOUT_FOLDERS, CNN_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "\"cats\""));

    folder_touch(&folder, "cat.1.jpg");
    folder_touch(&folder, "dog.1.jpg");
    cnn_dataset_t *dataset = open_with(NULL); /* one sub-folder: classes from file names */
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 2);
    has_sample(dataset, 0, "cat.1.jpg", 1);
    cnn_dataset_free(dataset);

    folder_touch(&folder, "other/1.jpg");
    dataset = open_with(NULL); /* two sub-folders with photos: classes from sub-folders */
    has_classes(dataset, 2, (const char *const[]){"cats", "other"});
    has_sample(dataset, 0, "cats/1.jpg", 0);
    has_sample(dataset, 1, "other/1.jpg", 1);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 2);
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(slash_at_the_end)
{
    char path[FOLDER_PATH_SIZE + 4];
    cnn_dataset_t *dataset;

    folder_touch(&folder, "cat.1.jpg");
    folder_touch(&folder, "dog.1.jpg");
    snprintf(path, sizeof path, "%s//", folder.path);
    ck_assert_int_eq(cnn_dataset_open(context, path, NULL, &dataset), CNN_OK);
    has_sample(dataset, 0, "cat.1.jpg", 1);
    cnn_dataset_free(dataset);
}
END_TEST

/* The orders of photos and classes can differ: "cat-a.0.jpg" sorts before "cat.0.jpg", because '-'
 * is before '.', but the class "cat-a" sorts after the class "cat". */
START_TEST(class_order)
{
    folder_touch(&folder, "cat-a.0.jpg");
    folder_touch(&folder, "cat.0.jpg");
    folder_touch(&folder, "cat.b.jpg");
    folder_touch(&folder, "cat.jpg"); /* has no class; sorts between the photos of a class */
    cnn_dataset_t *dataset = open_with(NULL);
    has_classes(dataset, 2, (const char *const[]){"cat", "cat-a"});
    has_sample(dataset, 0, "cat-a.0.jpg", 1);
    has_sample(dataset, 1, "cat.0.jpg", 0);
    has_sample(dataset, 2, "cat.b.jpg", 0);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 3);
    cnn_dataset_free(dataset);

    folder_touch(&folder, "Cat.0.jpg"); /* another class than "cat": case is significant */
    folder_touch(&folder, "cats.0.jpg");
    dataset = open_with(NULL);
    has_classes(dataset, 4, (const char *const[]){"Cat", "cat", "cat-a", "cats"});
    has_sample(dataset, 0, "Cat.0.jpg", 0);
    has_sample(dataset, 1, "cat-a.0.jpg", 2);
    has_sample(dataset, 2, "cat.0.jpg", 1);
    has_sample(dataset, 4, "cats.0.jpg", 3);
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(given_classes)
{
    folder_touch(&folder, "CATS.0.jpg");
    folder_touch(&folder, "Dog.0.jpg");
    folder_touch(&folder, "cat.0.jpg");
    folder_touch(&folder, "horse.0.jpg");
    cnn_dataset_t *dataset = open_given((const char *const[]){"cat", "dogs", "cow"}, 3);
    has_classes(dataset, 3, (const char *const[]){"cat", "dogs", "cow"});
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 3);
    has_sample(dataset, 0, "CATS.0.jpg", 0);
    has_sample(dataset, 1, "Dog.0.jpg", 1);
    has_sample(dataset, 2, "cat.0.jpg", 0);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 1);
    has_skipped(dataset, 0, "horse.0.jpg", CNN_ERROR_DATA, "\"horse\"");
    cnn_dataset_free(dataset);

    dataset = open_given((const char *const[]){"horse"}, 1);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 1);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 3);
    cnn_dataset_free(dataset);

    const char *const cow[] = {"cow", "sheep"};
    cnn_dataset_open_options_t options = {
        .struct_size = sizeof options, .classes = cow, .n_classes = 2};
    refused_with(&options, CNN_ERROR_DATA);
}
END_TEST

START_TEST(arguments)
{
    const char *const twice[] = {"cat", "dog", "cat"}, *const nameless[] = {"cat", ""};
    const char *const null_name[] = {"cat", NULL};
    const struct {
        const char *const *classes;
        size_t n;
    } wrong[] = {{twice, 3}, {nameless, 2}, {null_name, 2}, {twice, 0}, {NULL, 2}};
    cnn_dataset_t *dataset;

    folder_touch(&folder, "cat.1.jpg");
    folder_touch(&folder, "dog.1.jpg");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cnn_dataset_open_options_t options = {
            .struct_size = sizeof options, .classes = wrong[i].classes, .n_classes = wrong[i].n};
        ck_assert_int_eq(cnn_dataset_open(context, folder.path, &options, &dataset),
                         CNN_ERROR_ARGUMENT);
        ck_assert_ptr_null(dataset);
    }
    cnn_dataset_open_options_t layout = {.struct_size = sizeof layout, .layout = (cnn_layout_t)3};
    ck_assert_int_eq(cnn_dataset_open(context, folder.path, &layout, &dataset),
                     CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_open(NULL, folder.path, NULL, &dataset), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_open(context, NULL, NULL, &dataset), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_open(context, folder.path, NULL, NULL), CNN_ERROR_ARGUMENT);

    dataset = open_with(NULL);
    cnn_sample_t sample = {.struct_size = sizeof sample};
    cnn_skipped_t skipped = {.struct_size = sizeof skipped};
    ck_assert_int_eq(cnn_dataset_sample(dataset, 2, &sample), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_sample(dataset, 0, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_skipped(dataset, 0, &skipped), CNN_ERROR_ARGUMENT);
    cnn_dataset_free(dataset);

    cnn_dataset_free(NULL);
    ck_assert_uint_eq(cnn_dataset_sample_count(NULL), 0);
    ck_assert_uint_eq(cnn_dataset_class_count(NULL), 0);
    ck_assert_uint_eq(cnn_dataset_skipped_count(NULL), 0);
    ck_assert_ptr_null(cnn_dataset_class_name(NULL, 0));
    ck_assert_int_eq(cnn_dataset_sample(NULL, 0, &sample), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_skipped(NULL, 0, &skipped), CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(no_photos)
{
    cnn_dataset_t *dataset;

    refused_layout(CNN_LAYOUT_AUTO, CNN_ERROR_DATA);
    refused_layout(CNN_LAYOUT_PREFIX, CNN_ERROR_DATA);
    refused_layout(CNN_LAYOUT_FOLDERS, CNN_ERROR_DATA);
    folder_touch(&folder, "photo.jpg");
    refused_layout(CNN_LAYOUT_AUTO, CNN_ERROR_DATA);

    const char *missing = folder_path(&folder, "missing");
    ck_assert_int_eq(cnn_dataset_open(context, missing, NULL, &dataset), CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), missing));
    const char *file = folder_path(&folder, "photo.jpg");
    ck_assert_int_eq(cnn_dataset_open(context, file, NULL, &dataset), CNN_ERROR_IO);
    ck_assert_int_eq(cnn_dataset_open(context, "", NULL, &dataset), CNN_ERROR_IO);
}
END_TEST

START_TEST(links_and_other_files)
{
    folder_sub(&folder, "real");
    folder_touch(&folder, "real/a.jpg");
    folder_link(&folder, "real/a.jpg", "cat.0.jpg");
    folder_link(&folder, "nowhere", "cat.1.jpg");
    folder_link(&folder, "cat.2.jpg", "cat.2.jpg");
    ck_assert_int_eq(mkfifo(folder_path(&folder, "cat.3.jpg"), 0600), 0);
    folder_link(&folder, "real", "cat.4.jpg"); /* a link to a folder is a folder */
    folder_link(&folder, ".", "self");
    folder_link(&folder, "..", "up");
    folder_link(&folder, "nowhere", "broken");
    folder_touch(&folder, "dog.0.jpg");

    cnn_dataset_open_options_t options = {.struct_size = sizeof options,
                                          .layout = CNN_LAYOUT_PREFIX};
    cnn_dataset_t *dataset = open_with(&options);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 2);
    has_sample(dataset, 0, "cat.0.jpg", 1);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 3);
    has_skipped(dataset, 0, "cat.1.jpg", CNN_ERROR_IO, "cannot be opened");
    has_skipped(dataset, 1, "cat.2.jpg", CNN_ERROR_IO, "cannot be opened");
    has_skipped(dataset, 2, "cat.3.jpg", CNN_ERROR_IO, "not a regular file");
    cnn_dataset_free(dataset);

    options.strict = 1;
    refused_with(&options, CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "cat.1.jpg"));
}
END_TEST

START_TEST(link_to_itself_adds_no_class)
{
    folder_sub(&folder, "cats");
    folder_sub(&folder, "dogs");
    folder_touch(&folder, "cats/1.jpg");
    folder_touch(&folder, "dogs/1.jpg");
    folder_touch(&folder, "x.jpg");
    folder_link(&folder, ".", "self");
    cnn_dataset_t *dataset = open_with(NULL);
    has_classes(dataset, 2, (const char *const[]){"dogs", "cats"});
    cnn_dataset_free(dataset);
}
END_TEST

/* The superuser may read every folder, so the test changes to another user while it needs an
 * unreadable one. */
START_TEST(unreadable_folder)
{
    const uid_t user = geteuid();

    folder_sub(&folder, "cats");
    folder_sub(&folder, "lost+found");
    folder_touch(&folder, "cats/1.jpg");
    folder_touch(&folder, "cat.1.jpg");
    folder_touch(&folder, "dog.1.jpg");
    ck_assert_int_eq(chmod(folder.path, 0755), 0);
    ck_assert_int_eq(chmod(folder_path(&folder, "lost+found"), 0), 0);
    if (user == 0 && seteuid(65534) != 0) {
        printf("unreadable_folder: skipped, as this user may read every folder\n");
        return;
    }
    /* If classes come from file names, the unreadable sub-folder does not matter. */
    cnn_dataset_t *dataset = open_with(NULL);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 2);
    cnn_dataset_free(dataset);
    /* If classes come from sub-folders, it is an error, because a class may be missing. */
    refused_layout(CNN_LAYOUT_FOLDERS, CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "lost+found"));

    ck_assert_int_eq(seteuid(user), 0);
    ck_assert_int_eq(remove(folder_path(&folder, "cat.1.jpg")), 0);
    ck_assert_int_eq(remove(folder_path(&folder, "dog.1.jpg")), 0);
    ck_assert_int_eq(chmod(folder.path, user == 0 ? 0711 : 0311), 0);
    if (user == 0)
        ck_assert_int_eq(seteuid(65534), 0);
    refused_layout(CNN_LAYOUT_AUTO, CNN_ERROR_IO); /* the folder itself is unreadable */
    ck_assert_int_eq(seteuid(user), 0);
    ck_assert_int_eq(chmod(folder.path, 0755), 0);
    ck_assert_int_eq(chmod(folder_path(&folder, "lost+found"), 0755), 0);
}
END_TEST

Suite *suite_scan(void)
{
    Suite *suite = suite_create("scan");
    TCase *tcase = tcase_create("scan");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, prefix_layout);
    tcase_add_test(tcase, folder_layout);
    tcase_add_test(tcase, automatic_layout);
    tcase_add_test(tcase, slash_at_the_end);
    tcase_add_test(tcase, class_order);
    tcase_add_test(tcase, given_classes);
    tcase_add_test(tcase, arguments);
    tcase_add_test(tcase, no_photos);
    tcase_add_test(tcase, links_and_other_files);
    tcase_add_test(tcase, link_to_itself_adds_no_class);
    tcase_add_test(tcase, unreadable_folder);
    suite_add_tcase(suite, tcase);
    return suite;
}
