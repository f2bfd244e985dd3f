// The operator's connections: names of targets in dbt's profiles.yml -> open
// warehouses.
//
// A connection is called "<profile>/<target>", or "<profile>" for the target
// that the profile itself names.
//
// Thread contract: Connections is thread-safe. It may end before the
// warehouses that it opened.
#ifndef DOPPEL_SERVICE_WAREHOUSE_CONNECTIONS_H_
#define DOPPEL_SERVICE_WAREHOUSE_CONNECTIONS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse {

struct ConnectionsOptions {
  std::string profiles_dir;  // "": where dbt looks, see ProfilesFile
  std::string driver_dir;    // "": where tools/setup puts drivers, see adbc/
};

// Errors of every method that reads profiles.yml: FAILED_PRECONDITION
// PROFILES_INVALID; NOT_FOUND CONNECTION_NOT_FOUND, listing what there is.
class Connections {
 public:
  explicit Connections(ConnectionsOptions options);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  // The warehouse behind a connection; no file or network is touched before
  // it is used. Also FAILED_PRECONDITION WAREHOUSE_UNSUPPORTED and
  // WAREHOUSE_DRIVER_MISSING.
  absl::StatusOr<std::shared_ptr<Warehouse>> Open(absl::string_view name);

  // dbt's adapter type; no warehouse is opened and no value is rendered.
  absl::StatusOr<std::string> TypeOf(absl::string_view name);

  struct Listed {
    std::string name;  // "<profile>/<target>"
    std::string type;  // "" where the target names none
  };
  // All of them, sorted by name. Empty where there is no profiles.yml.
  absl::StatusOr<std::vector<Listed>> List();

  // Why plans cannot be executed on that adapter type here; "" where they can.
  std::string UnavailableCause(absl::string_view adapter_type) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace doppel::warehouse

#endif  // DOPPEL_SERVICE_WAREHOUSE_CONNECTIONS_H_
