// How much memory a piece of work takes.
#ifndef DOPPEL_TOOLS_BENCH_PEAK_MEMORY_H_
#define DOPPEL_TOOLS_BENCH_PEAK_MEMORY_H_

#include <functional>

namespace doppel::bench {

// The most memory, in bytes, that a process of its own has while it does the
// work; what this one has loaded before is in it. 0 where there is no such
// process. Only for processes of one thread: the other one is its fork.
double PeakBytes(const std::function<void()>& work);

}  // namespace doppel::bench

#endif  // DOPPEL_TOOLS_BENCH_PEAK_MEMORY_H_
