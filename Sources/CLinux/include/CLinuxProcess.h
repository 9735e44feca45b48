#pragma once

// Runs a program in the foreground: signals as a fresh program expects them, standard input, output
// and error inherited. `arguments` and `environment` end with NULL. Answers its exit status, 128 and
// the signal's number when one ended it, or -1 with errno when it could not be started.
int cl_run_in_foreground(char *const arguments[], char *const environment[]);

// Starts the program at `path` in a session of its own, detached from the terminal, with standard output and
// error on `output` and nothing on standard input. Answers its process id, or -1 with errno.
int cl_start_detached(const char *path, char *const arguments[], int output);

// The same with standard input and output on `connection`, and standard error on `errors`.
int cl_start_tunnel(const char *path, char *const arguments[], int connection, int errors);
