#include "tools/bench/peak_memory.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

namespace doppel::bench {

double PeakBytes(const std::function<void()>& work) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return 0;
  if (child == 0) {
    work();
    _exit(0);
  }
  struct rusage usage = {};
  int status = 0;
  if (wait4(child, &status, 0, &usage) != child) return 0;
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

}  // namespace doppel::bench
