#include "service/server/signals.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace doppel::server {

StopSignals::StopSignals() {
  // A client that went away is an error of its write, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  // So is a file that may not grow.
  std::signal(SIGXFSZ, SIG_IGN);
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

int StopSignals::Wait() const {
  int signal = 0;
  sigwait(&signals_, &signal);
  return signal;
}

void StopSignals::ExitAtNext() const {
  std::thread([signals = signals_] {
    int signal = 0;
    sigwait(&signals, &signal);
    _exit(128 + signal);
  }).detach();
}

}  // namespace doppel::server
