#include "CLinux.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

int cl_signal_descriptor(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGQUIT);
  sigaddset(&signals, SIGHUP);
  return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int cl_signal_take(int descriptor) {
  struct signalfd_siginfo signal;
  return read(descriptor, &signal, sizeof signal) == sizeof signal ? (int)signal.ssi_signo : 0;
}
