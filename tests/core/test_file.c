/* SPDX-License-Identifier: MIT
 *
 * Tests of reading whole files and of replacing files atomically. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "core/file_writer.h"
#include "core/memory.h"

static cnn_context_t *context;
static char folder[64], path[96];

static void setup(void)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 1};
    ck_assert_int_eq(cd_context_create(&options, &context), CNN_OK);
    strcpy(folder, "/tmp/catdog-file-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
}

static void remove_folder(void)
{
    DIR *list = opendir(folder);
    char name[400];
    for (struct dirent *entry; (entry = readdir(list));) {
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        unlink(name);
    }
    closedir(list);
    rmdir(folder);
}

static void teardown(void)
{
    remove_folder();
    cd_context_unref(context);
}

static size_t entries(void)
{
    DIR *list = opendir(folder);
    size_t n = 0;
    while (readdir(list))
        n++;
    closedir(list);
    return n - 2; /* "." and ".." are not counted */
}

static cnn_status_t replace(const char *bytes, size_t size)
{
    struct cd_file_writer writer;
    CD_TRY(cd_file_writer_open(context, path, &writer));
    const cnn_status_t rc = cd_file_writer_write(&writer, bytes, size);
    if (rc != CNN_OK) {
        cd_file_writer_discard(&writer);
        return rc;
    }
    return cd_file_writer_commit(&writer);
}

static void expect_content(const char *want)
{
    uint8_t *bytes;
    size_t size;
    ck_assert_int_eq(cd_file_read(context, path, 1 << 20, CNN_ERROR_DATA, &bytes, &size), CNN_OK);
    ck_assert_uint_eq(size, strlen(want));
    ck_assert_int_eq(memcmp(bytes, want, size), 0);
    cd_free(context, bytes);
}

START_TEST(replaces_and_reads)
{
    ck_assert_int_eq(replace("one", 3), CNN_OK);
    expect_content("one");
    ck_assert_int_eq(replace("second", 6), CNN_OK);
    expect_content("second");
    ck_assert_int_eq(replace("", 0), CNN_OK);
    expect_content("");
    ck_assert_uint_eq(entries(), 1); /* no temporary file is left */
}
END_TEST

/* A replaced file keeps its permissions. */
START_TEST(keeps_permissions)
{
    struct stat about;
    ck_assert_int_eq(replace("one", 3), CNN_OK);
    ck_assert_int_eq(chmod(path, 0600), 0);
    ck_assert_int_eq(replace("two", 3), CNN_OK);
    ck_assert_int_eq(stat(path, &about), 0);
    ck_assert_uint_eq(about.st_mode & 0777, 0600);
    ck_assert_int_eq(chmod(path, 0664), 0);
    ck_assert_int_eq(replace("three", 5), CNN_OK);
    ck_assert_int_eq(stat(path, &about), 0);
    ck_assert_uint_eq(about.st_mode & 0777, 0664);
}
END_TEST

START_TEST(discards)
{
    struct cd_file_writer writer;
    ck_assert_int_eq(replace("old", 3), CNN_OK);
    ck_assert_int_eq(cd_file_writer_open(context, path, &writer), CNN_OK);
    ck_assert_int_eq(cd_file_writer_write(&writer, "new", 3), CNN_OK);
    cd_file_writer_discard(&writer);
    cd_file_writer_discard(&writer); /* discarding twice is harmless */
    expect_content("old");
    ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(refuses)
{
    uint8_t *bytes = (uint8_t *)1;
    size_t size = 1;
    struct cd_file_writer writer;

    ck_assert_int_eq(cd_file_read(context, path, 10, CNN_ERROR_DATA, &bytes, &size), CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cd_error_message(), path)); /* the message names the file */
    ck_assert_ptr_null(bytes);
    ck_assert_int_eq(cd_file_read(context, folder, 10, CNN_ERROR_DATA, &bytes, &size),
                     CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cd_error_message(), "not a regular file"));
    ck_assert_int_eq(replace("0123456789", 10), CNN_OK);
    ck_assert_int_eq(cd_file_read(context, path, 10, CNN_ERROR_DATA, &bytes, &size), CNN_OK);
    cd_free(context, bytes);
    ck_assert_int_eq(cd_file_read(context, path, 9, CNN_ERROR_DATA, &bytes, &size),
                     CNN_ERROR_DATA);
    ck_assert_int_eq(cd_file_writer_open(context, folder, &writer), CNN_ERROR_IO);
    ck_assert_int_eq(cd_file_writer_open(context, "/dev/null", &writer), CNN_ERROR_IO);
    ck_assert_int_eq(cd_file_writer_open(context, "/no/such/folder/file", &writer), CNN_ERROR_IO);
}
END_TEST

START_TEST(a_link_stays_a_link)
{
    char link[128];
    struct stat about;

    snprintf(link, sizeof link, "%s/link", folder);
    ck_assert_int_eq(replace("old", 3), CNN_OK);
    ck_assert_int_eq(symlink("file", link), 0);
    snprintf(path, sizeof path, "%s/link", folder);
    ck_assert_int_eq(replace("new", 3), CNN_OK);
    ck_assert_int_eq(lstat(link, &about), 0);
    ck_assert(S_ISLNK(about.st_mode));
    snprintf(path, sizeof path, "%s/file", folder);
    expect_content("new");
    ck_assert_uint_eq(entries(), 2);
}
END_TEST

/* Writing to a full device fails. The old file is unchanged and no temporary file is left. */
START_TEST(reports_a_full_disk)
{
    struct cd_file_writer writer;
    static char bytes[1 << 16];

    ck_assert_int_eq(replace("old", 3), CNN_OK);
    ck_assert_int_eq(cd_file_writer_open(context, path, &writer), CNN_OK);
    FILE *full = fopen("/dev/full", "wb");
    if (!full) { /* only Linux has /dev/full */
        cd_file_writer_discard(&writer);
        return;
    }
    fclose(writer.stream);
    writer.stream = full;
    cnn_status_t rc = CNN_OK;
    for (int i = 0; i < 4 && rc == CNN_OK; i++)
        rc = cd_file_writer_write(&writer, bytes, sizeof bytes);
    ck_assert_int_eq(rc, CNN_ERROR_IO);
    ck_assert_int_eq(cd_file_writer_commit(&writer), CNN_ERROR_IO);
    expect_content("old");
    ck_assert_uint_eq(entries(), 1);
}
END_TEST

enum { LETTERS = 200000 };

/* A child process replaces the file repeatedly until it is killed. Each version of the file repeats
 * a single letter, so two different letters would mean that a replacement was not atomic. */
START_TEST(killed_writer_leaves_a_whole_file)
{
    static char bytes[LETTERS];

    memset(bytes, 'a', LETTERS);
    ck_assert_int_eq(replace(bytes, LETTERS), CNN_OK);
    for (int round = 0; round < 30; round++) {
        const pid_t child = fork();
        if (child == 0)
            for (int letter = 0;; letter = (letter + 1) % 26) {
                memset(bytes, 'a' + letter, LETTERS);
                replace(bytes, LETTERS);
            }
        const struct timespec pause = {.tv_nsec = 1000000L + 700000L * round};
        nanosleep(&pause, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        uint8_t *now;
        size_t size;
        ck_assert_int_eq(cd_file_read(context, path, 1 << 20, CNN_ERROR_DATA, &now, &size), CNN_OK);
        ck_assert_uint_eq(size, LETTERS);
        for (size_t i = 1; i < size; i++)
            ck_assert_uint_eq(now[i], now[0]);
        cd_free(context, now);
    }
}
END_TEST

Suite *suite_file(void)
{
    Suite *suite = suite_create("file");
    TCase *tcase = tcase_create("files");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, replaces_and_reads);
    tcase_add_test(tcase, keeps_permissions);
    tcase_add_test(tcase, discards);
    tcase_add_test(tcase, refuses);
    tcase_add_test(tcase, a_link_stays_a_link);
    tcase_add_test(tcase, reports_a_full_disk);
    tcase_add_test(tcase, killed_writer_leaves_a_whole_file);
    suite_add_tcase(suite, tcase);
    return suite;
}
