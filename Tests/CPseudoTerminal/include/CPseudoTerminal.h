#pragma once

#include <stddef.h>
#include <sys/types.h>

/// A program under a pseudo-terminal. `watch` is a second descriptor of the program's side, kept
/// open so that its modes can be read at any time.
typedef struct {
  pid_t process;
  int descriptor;
  int watch;
} cpt_program;

/// Makes a new terminal of exactly this size, on which no program runs yet: now its modes are those
/// that a program will find. 0, or an errno.
int cpt_open(cpt_program *program, unsigned short columns, unsigned short rows);
/// Starts a program on it, as its session's leader, with no signal blocked or ignored. The
/// environment is the one given, nothing else. 0, or an errno.
int cpt_start(cpt_program *program, const char *path, char *const arguments[],
              char *const environment[]);
/// Waits for output: the bytes read, 0 after the timeout, -1 when the program's side is closed.
long cpt_read(const cpt_program *program, void *buffer, size_t capacity, int timeout_milliseconds);
/// Writes all bytes. 0, or an errno.
int cpt_write(const cpt_program *program, const void *bytes, size_t count);
int cpt_resize(const cpt_program *program, unsigned short columns, unsigned short rows);
int cpt_signal(const cpt_program *program, int number);
/// Looks whether the program has ended; waits for it at most so long. 1 and its status (exit code,
/// or minus the signal's number), or 0.
int cpt_wait(cpt_program *program, int timeout_milliseconds, int *status);
/// The terminal's modes as bytes that can be compared; returns how many.
size_t cpt_modes(const cpt_program *program, unsigned char *buffer, size_t capacity);
/// Kills the program if it runs, and closes everything.
void cpt_close(cpt_program *program);
/// Closes the terminal's side: the program's terminal hangs up.
void cpt_hang_up(cpt_program *program);
/// Signals the process group in the foreground of the terminal. 0, or an errno.
int cpt_signal_foreground(const cpt_program *program, int number);
/// Has the terminal take no more output: writes of the program wait. 0, or an errno.
int cpt_stall(const cpt_program *program);
