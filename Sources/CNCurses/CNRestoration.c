#include <errno.h>
#include <fcntl.h>
#include <ncurses.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "CNCurses.h"
#include "CNInternal.h"

// How a crash leaves the terminal: what must be written is made ready while all is well, and the
// handler uses only calls that are safe in a signal handler. What the crash said on descriptor 2,
// which would have vanished with the screen, is written after it.

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS};
enum { FATAL = sizeof fatal / sizeof *fatal };

static struct sigaction before[FATAL];
static struct termios modes;
static char farewell[256];
static size_t farewell_length;
static volatile sig_atomic_t armed, has_modes;
static int kept_errors = -1, real_errors = -1;
enum { KEPT_BYTES = 256 * 1024 };

static void add(const char *text) {
  if (!text || text == (char *)-1) return;
  while (*text && farewell_length < sizeof farewell) {
    if (text[0] == '$' && text[1] == '<') {  // a delay, for terminals of another age
      const char *end = strchr(text, '>');
      if (end) {
        text = end + 1;
        continue;
      }
    }
    farewell[farewell_length++] = *text++;
  }
}

static void write_all(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written < 0 && errno != EINTR) return;
    if (written > 0) bytes += written, count -= (size_t)written;
  }
}

// Puts the terminal back without waiting for it: what it does not take is lost with it. Safe in a
// signal handler.
void cn_restore_now(void) {
  if (!armed) return;
  armed = 0;
  int flags = fcntl(1, F_GETFL);
  if (flags >= 0 && fcntl(1, F_SETFL, flags | O_NONBLOCK) == 0) {
    if (write(1, farewell, farewell_length) < 0) errno = 0;
    fcntl(1, F_SETFL, flags);
  }
  if (has_modes) tcsetattr(1, TCSANOW, &modes);
}

static void die(int number) {
  int was_armed = armed;
  armed = 0;
  if (was_armed) {
    write_all(1, farewell, farewell_length);
    if (has_modes) tcsetattr(1, TCSANOW, &modes);
    cn_release_errors();
  }
  for (int i = 0; i < FATAL; i++) sigaction(fatal[i], &before[i], NULL);
  raise(number);
}

static void catch_fatal_signals(void) {
  static char stack[64 * 1024];
  static int caught;
  if (caught++) return;
  stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&other, NULL);
  struct sigaction action = {.sa_handler = die, .sa_flags = SA_ONSTACK};
  sigfillset(&action.sa_mask);
  for (int i = 0; i < FATAL; i++) sigaction(fatal[i], &action, &before[i]);
}

void cn_prepare_restoration(void) { has_modes = tcgetattr(1, &modes) == 0; }

void cn_restore_modes(void) {
  if (has_modes) tcsetattr(1, TCSANOW, &modes);
}

void cn_complete_restoration(void) {
  farewell_length = 0;
  add("\033[?2004l\033[?1006l\033[?1002l\033[?1000l");
  add(tigetstr("sgr0"));
  add(tigetstr("cnorm"));
  add(tigetstr("rmcup"));
  add("\r\n");
  catch_fatal_signals();
}

void cn_arm_restoration(int on) { armed = on; }

void cn_capture_errors(void) {
  if (real_errors >= 0) return;
  real_errors = fcntl(2, F_DUPFD_CLOEXEC, 3);
  if (real_errors < 0) return;
  if (kept_errors < 0) {
    kept_errors = memfd_create("errors", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (kept_errors >= 0 && ftruncate(kept_errors, KEPT_BYTES) == 0)
      fcntl(kept_errors, F_ADD_SEALS, F_SEAL_GROW);
  }
  if (kept_errors >= 0) lseek(kept_errors, 0, SEEK_SET), dup2(kept_errors, 2);
}

// Runs in the handler of a fatal signal too.
void cn_release_errors(void) {
  if (real_errors < 0) return;
  dup2(real_errors, 2);
  close(real_errors);
  real_errors = -1;
  off_t length = kept_errors >= 0 ? lseek(kept_errors, 0, SEEK_CUR) : 0;
  unsigned char previous = 0;
  char chunk[1024];
  for (off_t at = 0; at < length;) {
    size_t wanted = (size_t)(length - at) < sizeof chunk ? (size_t)(length - at) : sizeof chunk;
    ssize_t count = pread(kept_errors, chunk, wanted, at);
    if (count <= 0) break;
    for (ssize_t i = 0; i < count; i++) {
      unsigned char byte = (unsigned char)chunk[i];
      int control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f ||
                    (previous == 0xc2 && byte < 0xa0);
      if (control) chunk[i] = '?';
      previous = byte;
    }
    write_all(2, chunk, (size_t)count);
    at += count;
  }
  if (kept_errors >= 0) lseek(kept_errors, 0, SEEK_SET);
}
