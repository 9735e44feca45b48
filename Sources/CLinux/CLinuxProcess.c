#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int spawn(pid_t *pid, const char *path, char *const arguments[],
                 char *const environment[], short flags, posix_spawn_file_actions_t *actions) {
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | flags);
  int failure = posix_spawnp(pid, path, actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  return failure;
}

int cl_run_in_foreground(char *const arguments[], char *const environment[]) {
  pid_t pid;
  int failure = spawn(&pid, arguments[0], arguments, environment, 0, NULL);
  if (failure != 0) {
    errno = failure;
    return -1;
  }
  int status;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int cl_start_detached(const char *path, char *const arguments[], int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t pid;
  int failure = spawn(&pid, path, arguments, environ, POSIX_SPAWN_SETSID, &actions);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) {
    errno = failure;
    return -1;
  }
  return pid;
}

int cl_start_tunnel(const char *path, char *const arguments[], int connection, int errors) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, connection, 0);
  posix_spawn_file_actions_adddup2(&actions, connection, 1);
  posix_spawn_file_actions_adddup2(&actions, errors, 2);
  pid_t pid;
  int failure = spawn(&pid, path, arguments, environ, POSIX_SPAWN_SETSID, &actions);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) {
    errno = failure;
    return -1;
  }
  return pid;
}
