// Operations that one connection does in one transaction, where many small
// statements would otherwise wait for as many commits and as many syncs of the
// journal. All of a batch is done, or none; who does none does them one by one,
// so that one that fails still fails alone.
//
// Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_EXECUTION_BATCH_H_
#define DOPPEL_SERVICE_EXECUTION_BATCH_H_

#include "absl/time/time.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"

namespace doppel::execution {

// Whether the two can be done in one transaction, in a batch that `first`
// begins: both make a view or a schema where nothing stands, in one database,
// by one statement each. What moves data is never in a batch, for it would be
// done twice; nor is what replaces something, for that would stay locked.
bool CanShareBatch(const dialect::Dialect& dialect,
                   const clone::Operation& first, const clone::Operation& next);

// How many operations a batch has: twice as many as the one before, as long as
// that took no time that anybody would notice.
class BatchSize {
 public:
  // `most` is at least 1.
  explicit BatchSize(int most) : most_(most) {}

  int now() const { return now_; }
  // What a batch of now() operations took.
  void Record(absl::Duration took);

 private:
  const int most_;
  int now_ = 1;
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_BATCH_H_
