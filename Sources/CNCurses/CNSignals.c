#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "CNCurses.h"
#include "CNInternal.h"

// A signal that asks for something is a byte in a pipe, which the loop that waits for keys reads.
// A signal that kills is handled in CNRestoration.c.
//
// One that asks the program to end also sets a deadline: a terminal that no longer reads would hold
// the loop in a write for ever, and then the program ends without it.

static const int told[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT};
enum { TOLD = sizeof told / sizeof *told };

const int cn_signal_resized = SIGWINCH, cn_signal_stop = SIGTSTP, cn_signal_continued = SIGCONT;

static struct sigaction before[TOLD];
static int ends[2] = {-1, -1};
static volatile sig_atomic_t yielding, asked_to_end;
static struct sigaction before_deadline;
enum { SECONDS_TO_END = 2 };

static void end_now(int number) {
  (void)number;
  cn_restore_now();
  _exit(128 + asked_to_end);
}

static void tell(int number) {
  int saved = errno;
  if (yielding && number == SIGTSTP) {
    raise(SIGSTOP);
  } else if (!yielding || (number != SIGINT && number != SIGQUIT && number != SIGCONT)) {
    unsigned char byte = (unsigned char)number;
    // A full pipe holds thousands of signals already; one more tells nothing new.
    if (write(ends[1], &byte, 1) < 0) errno = saved;
    if (!yielding && !asked_to_end && (number == SIGTERM || number == SIGHUP)) {
      asked_to_end = number;
      alarm(SECONDS_TO_END);
    }
  }
  errno = saved;
}

int cn_catch_signals(void) {
  if (ends[0] < 0 && pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return 0;
  struct sigaction action = {.sa_handler = tell, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  for (int i = 0; i < TOLD; i++) {
    sigaction(told[i], NULL, &before[i]);
    // What was ignored stays so: under nohup a hang-up must not end the program.
    int keep = before[i].sa_handler == SIG_IGN && told[i] == SIGHUP;
    if (!keep) sigaction(told[i], &action, NULL);
  }
  struct sigaction deadline = {.sa_handler = end_now};
  sigaction(SIGALRM, &deadline, &before_deadline);
  return 1;
}

void cn_release_signals(void) {
  if (ends[0] < 0) return;
  alarm(0);
  sigaction(SIGALRM, &before_deadline, NULL);
  asked_to_end = 0;
  for (int i = 0; i < TOLD; i++) sigaction(told[i], &before[i], NULL);
  while (cn_next_signal() != 0) continue;
}

int cn_next_signal(void) {
  unsigned char byte = 0;
  return ends[0] >= 0 && read(ends[0], &byte, 1) == 1 ? byte : 0;
}

void cn_yield_signals(int on) { yielding = on; }

void cn_stop(void) {
  struct sigaction plain = {.sa_handler = SIG_DFL}, ours;
  sigaction(SIGTSTP, &plain, &ours);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
}

int cn_wait(int wake, int wants_input, int timeout_milliseconds) {
  struct pollfd sources[] = {
      {.fd = wants_input ? 0 : -1, .events = POLLIN},
      {.fd = ends[0], .events = POLLIN},
      {.fd = wake, .events = POLLIN},
  };
  int count;
  do count = poll(sources, 3, timeout_milliseconds);
  while (count < 0 && errno == EINTR);
  if (count <= 0) return 0;
  return (sources[0].revents ? CN_INPUT : 0) | (sources[1].revents ? CN_SIGNAL : 0) |
         (sources[2].revents ? CN_WAKE : 0);
}
