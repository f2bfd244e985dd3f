// A mutex and its lock that ThreadSanitizer can judge and that clang's thread
// safety analysis can name. absl::Mutex comes uninstrumented from the system
// library here, and ThreadSanitizer reports races on the code that it guards.
#ifndef DOPPEL_SERVICE_BASE_MUTEX_H_
#define DOPPEL_SERVICE_BASE_MUTEX_H_

#include <condition_variable>
#include <mutex>

#include "absl/base/thread_annotations.h"

namespace doppel {

class ABSL_LOCKABLE Mutex {
 public:
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

  // For std::condition_variable_any and std::unique_lock, which want these
  // names.
  void lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  void unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex)
      : mutex_(mutex) {
    mutex_.Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_.Unlock(); }

  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits on a Mutex; std::stop_token aware through its wait() overloads.
using CondVar = std::condition_variable_any;

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_MUTEX_H_
