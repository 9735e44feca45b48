#include "CPseudoTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

static void become(const char *path, char *const arguments[], char *const environment[]) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
  close_range(3, ~0U, 0);
  execve(path, arguments, environment);
  _exit(127);
}

int cpt_open(cpt_program *program, unsigned short columns, unsigned short rows) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  int terminal = -1, side = -1;
  char name[128];
  if (openpty(&terminal, &side, name, NULL, &size) != 0) return errno;
  fcntl(terminal, F_SETFD, FD_CLOEXEC);
  fcntl(side, F_SETFD, FD_CLOEXEC);
  *program = (cpt_program){-1, terminal, side};
  return 0;
}

int cpt_start(cpt_program *program, const char *path, char *const arguments[],
              char *const environment[]) {
  pid_t process = fork();
  if (process < 0) return errno;
  if (process == 0) {
    if (login_tty(program->watch) != 0) _exit(126);
    become(path, arguments, environment);
  }
  program->process = process;
  return 0;
}

long cpt_read(const cpt_program *program, void *buffer, size_t capacity, int timeout_milliseconds) {
  struct pollfd source = {.fd = program->descriptor, .events = POLLIN};
  if (poll(&source, 1, timeout_milliseconds) <= 0) return 0;
  ssize_t count = read(program->descriptor, buffer, capacity);
  return count > 0 ? count : -1;
}

int cpt_write(const cpt_program *program, const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    ssize_t written = write(program->descriptor, next, count);
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) next += written, count -= (size_t)written;
  }
  return 0;
}

int cpt_resize(const cpt_program *program, unsigned short columns, unsigned short rows) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  return ioctl(program->descriptor, TIOCSWINSZ, &size) == 0 ? 0 : errno;
}

int cpt_signal(const cpt_program *program, int number) {
  if (program->process <= 0) return ESRCH;
  return kill(program->process, number) == 0 ? 0 : errno;
}

int cpt_wait(cpt_program *program, int timeout_milliseconds, int *status) {
  if (program->process <= 0) return 0;
  struct pollfd end = {.fd = pidfd_open(program->process, 0), .events = POLLIN};
  int ended = poll(&end, 1, timeout_milliseconds) > 0;
  close(end.fd);
  int raw = 0;
  if (!ended || waitpid(program->process, &raw, 0) != program->process) return 0;
  program->process = -1;
  *status = WIFSIGNALED(raw) ? -WTERMSIG(raw) : WEXITSTATUS(raw);
  return 1;
}

size_t cpt_modes(const cpt_program *program, unsigned char *buffer, size_t capacity) {
  struct termios modes;
  memset(&modes, 0, sizeof modes);
  if (tcgetattr(program->watch, &modes) != 0) return 0;
  size_t count = sizeof modes < capacity ? sizeof modes : capacity;
  memcpy(buffer, &modes, count);
  return count;
}

void cpt_close(cpt_program *program) {
  int status;
  if (program->process > 0) {
    kill(program->process, SIGKILL);
    cpt_wait(program, 5000, &status);
  }
  close(program->descriptor);
  close(program->watch);
  program->descriptor = program->watch = program->process = -1;
}

void cpt_hang_up(cpt_program *program) {
  close(program->descriptor);
  close(program->watch);
  program->descriptor = program->watch = -1;
}

int cpt_signal_foreground(const cpt_program *program, int number) {
  pid_t group = 0;
  if (ioctl(program->descriptor, TIOCGPGRP, &group) != 0) return errno;
  return kill(-group, number) == 0 ? 0 : errno;
}

int cpt_stall(const cpt_program *program) {
  return tcflow(program->watch, TCOOFF) == 0 ? 0 : errno;
}
