// A small database on some engine, a plan that changes it in every way, and
// what must be so afterwards, whatever broke meanwhile.
//
// Every operation, but for the one that makes the schema, writes a row of its
// own to prod.log within the transaction of its effect, so that an effect that
// was there twice is found out. Where there are no transactions, each is a
// statement that fails if it is sent again, but for one that replaces a table
// by the same.
//
// Thread contract: used by one thread.
#ifndef DOPPEL_TESTS_FAULTS_SHOP_H_
#define DOPPEL_TESTS_FAULTS_SHOP_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/clone/plan.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"
#include "tests/faults/engine.h"

namespace doppel::faults {

inline constexpr char kConnection[] = "shop/dev";

class Shop {
 public:
  // A new database with tables in the schemas prod and old. `folder` is a place
  // for its files.
  static absl::StatusOr<std::unique_ptr<Shop>> Make(const Engine& engine,
                                                    const std::string& folder);

  // Makes the schema dev with copies of prod's tables and views on them, and
  // replaces, renames and drops what is in old. Its preconditions are as the
  // database is now.
  absl::StatusOr<clone::Plan> MakePlan();

  // One operation alone, the engine's slow statement. The schemas are there.
  absl::StatusOr<clone::Plan> MakeSlowPlan();

  const std::string& place() const { return place_; }
  absl::StatusOr<std::shared_ptr<warehouse::Warehouse>> Open() const {
    return engine_.open(place_);
  }

  absl::Status Send(const std::vector<std::string>& statements);
  // The first column of the rows, as text, with commas between.
  std::string Ask(absl::string_view sql);
  // The names of what is in the schema, sorted, with commas between.
  std::string NamesIn(const std::string& schema);

  // What the plan promises, and nothing else, is there; each effect once.
  void ExpectAsPlanned(const clone::Plan& plan);
  // No effect is there twice (where there are transactions: else nothing could
  // tell), and those that are there belong to operations that succeeded, or of
  // which `states` says nothing certain.
  void ExpectNoneTwice(const clone::Plan& plan,
                       const std::vector<store::OperationRecord>& states);

 private:
  void ExpectEffectsOf(const clone::Plan& plan,
                       const std::vector<store::OperationRecord>& states);

  Shop(const Engine& engine, std::string place)
      : engine_(engine), place_(std::move(place)) {}

  const Engine& engine_;
  const std::string place_;
};

}  // namespace doppel::faults

#endif  // DOPPEL_TESTS_FAULTS_SHOP_H_
