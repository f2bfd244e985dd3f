// A bounded number of threads with a bounded queue, for the work of calls:
// gRPC's own threads only decode, hand over and send.
//
// Thread contract: thread-safe. Destruction runs what is queued, then joins.
#ifndef DOPPEL_SERVICE_RPC_WORKER_POOL_H_
#define DOPPEL_SERVICE_RPC_WORKER_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "service/base/mutex.h"

namespace doppel::rpc {

class WorkerPool {
 public:
  // `queue_limit` tasks wait at most.
  WorkerPool(int threads, size_t queue_limit);
  ~WorkerPool();

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Runs the task soon. False, and the task is dropped, when the queue is full.
  [[nodiscard]] bool TryRun(std::function<void()> task);

  // The same without the limit: for what was let in already and must end.
  void Run(std::function<void()> task);

 private:
  void Work();

  const size_t queue_limit_;
  Mutex mutex_;
  CondVar wake_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> threads_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_WORKER_POOL_H_
