/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "report/gnuplot.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/output.h"
#include "base/save.h"

extern char **environ;

int gnuplot_draws(const char *out)
{
    return save_has_ending(out, ".svg") || save_has_ending(out, ".png");
}

/* Starts gnuplot. input and output: the file descriptors of its standard input and output. Returns
 * 0 or an errno value. */
static int start_gnuplot(int input, int output, pid_t *child)
{
    char name[] = "gnuplot", defaults[] = "--default-settings";
    char *const argv[] = {name, defaults, NULL};
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);

    if (error)
        return error;
    error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (!error)
        error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (!error)
        error = posix_spawnp(child, name, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static int wait_for(pid_t child)
{
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Runs gnuplot on the script and writes the diagram to `picture`. The script is a temporary file,
 * not a pipe: if gnuplot ended early, writing to a pipe would raise SIGPIPE. Returns the exit
 * status. */
static int run_gnuplot(gnuplot_script_fn write, const void *data, int png, FILE *picture)
{
    FILE *script = tmpfile();
    pid_t child = -1;

    if (!script)
        return output_failure("no temporary file can be created: %s", strerror(errno));
    fprintf(script, "set terminal %s\n",
            png ? "png size 1200,500" : "svg size 1200,500 background rgb 'white'");
    write(script, data);
    int written = fflush(script) == 0 && !ferror(script) && fseek(script, 0, SEEK_SET) == 0;
    int error = written ? start_gnuplot(fileno(script), fileno(picture), &child) : EIO;
    int rc = error ? EXIT_FAILURE : EXIT_SUCCESS;
    if (error == ENOENT)
        output_message("gnuplot is not installed (Debian: apt-get install gnuplot-nox)");
    else if (error)
        output_message("gnuplot cannot be started: %s", strerror(error));
    else if (wait_for(child) != 0 || fseek(picture, 0, SEEK_END) != 0 || ftell(picture) <= 0)
        rc = output_failure("gnuplot failed");
    fclose(script);
    return rc;
}

int gnuplot_draw(gnuplot_script_fn write, const void *data, const char *out)
{
    struct save save;
    int rc = save_open(&save, out);

    if (rc != EXIT_SUCCESS)
        return rc;
    if ((rc = run_gnuplot(write, data, save_has_ending(out, ".png"), save.stream)) == EXIT_SUCCESS)
        return save_commit(&save);
    save_discard(&save);
    return rc;
}
