// SIGTERM and SIGINT, waited for instead of handled.
#ifndef DOPPEL_SERVICE_SERVER_SIGNALS_H_
#define DOPPEL_SERVICE_SERVER_SIGNALS_H_

#include <csignal>

namespace doppel::server {

class StopSignals {
 public:
  // Blocks both signals in this thread and in those that it begins, so: make it
  // before any other thread.
  StopSignals();

  // Waits for one of them and returns its number.
  int Wait() const;

  // From now on the next one ends the process at once, as is usual.
  void ExitAtNext() const;

 private:
  sigset_t signals_;
};

}  // namespace doppel::server

#endif  // DOPPEL_SERVICE_SERVER_SIGNALS_H_
