// Cancels what is running, from a stop request until it has ended.
//
// A driver forgets a cancel that comes just before the statement starts to
// run. So the cancel is repeated until the statement is over, by a thread that
// only a stop request starts.
//
// Thread contract: made and destroyed by the thread that runs the statement;
// `cancel` is called from another one.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_CANCELLER_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_CANCELLER_H_

#include <functional>
#include <optional>
#include <stop_token>
#include <thread>

#include "service/base/mutex.h"

namespace doppel::warehouse::adbc {

class Canceller {
 public:
  Canceller(const std::stop_token& stop, std::function<void()> cancel);
  // The statement is over: `cancel` is not called any more.
  ~Canceller();
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;

 private:
  void Start();
  void Repeat(const std::stop_token& over);

  std::function<void()> cancel_;
  Mutex mutex_;
  CondVar wake_;
  std::jthread thread_;
  // After the thread: it goes first, so that none is started at the end.
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_CANCELLER_H_
