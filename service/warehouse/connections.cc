#include "service/warehouse/connections.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/mutex.h"
#include "service/base/status_macros.h"
#include "service/warehouse/bigquery/bigquery_warehouse.h"
#include "service/warehouse/bigquery/credentials.h"
#include "service/warehouse/clickhouse/clickhouse_warehouse.h"
#include "service/warehouse/clickhouse/credentials.h"
#include "service/warehouse/duckdb/credentials.h"
#include "service/warehouse/duckdb/duckdb_warehouse.h"
#include "service/warehouse/postgres/credentials.h"
#include "service/warehouse/postgres/postgres_warehouse.h"
#include "service/warehouse/profiles/profiles.h"
#include "service/warehouse/redshift/credentials.h"
#include "service/warehouse/redshift/redshift_warehouse.h"
#include "service/warehouse/snowflake/credentials.h"
#include "service/warehouse/snowflake/snowflake_warehouse.h"
#include "service/warehouse/spark_connect/credentials.h"
#include "service/warehouse/spark_connect/spark_warehouse.h"

namespace doppel::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kBigQuery = "bigquery";
constexpr absl::string_view kClickHouse = "clickhouse";
constexpr absl::string_view kDuckDb = "duckdb";
constexpr absl::string_view kPostgres = "postgres";
constexpr absl::string_view kRedshift = "redshift";
constexpr absl::string_view kSnowflake = "snowflake";
constexpr absl::string_view kSpark = "spark";
constexpr absl::string_view kDatabricks = "databricks";

std::optional<std::string> Variable(absl::string_view name) {
  const char* const value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

// A profiles.yml as it was when it was read.
struct Stamp {
  std::string path;
  fs::file_time_type written;
  uintmax_t size = 0;

  friend bool operator==(const Stamp&, const Stamp&) = default;
};

std::optional<Stamp> StampOf(const std::string& path) {
  std::error_code error;
  Stamp stamp{path, fs::last_write_time(path, error), 0};
  if (!error) stamp.size = fs::file_size(path, error);
  if (error) return std::nullopt;
  return stamp;
}

Error Unreadable(absl::string_view path) {
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kProfilesInvalid,
               absl::StrCat(path,
                            " cannot be read; check that it is a file "
                            "that the server may read"))
      .With("path", path);
}

absl::StatusOr<profiles::Profiles> ReadProfiles(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  // An empty file sets the failbit of `text`, too.
  if (file) text << file.rdbuf();
  if (!file || file.bad()) return Unreadable(path);
  return profiles::Profiles::Parse(text.str(), path);
}

// dbt runs in the project's folder, where a profiles.yml of the project's own
// stands; of one that stands elsewhere nothing is known.
std::string FolderOfPaths(const std::string& profiles_path) {
  std::error_code ignored;
  const fs::path folder = fs::absolute(profiles_path, ignored).parent_path();
  if (fs::exists(folder / "dbt_project.yml", ignored)) return folder.string();
  return fs::current_path(ignored).string();
}

// Warehouses that doppel knows, but has no driver of.
struct Driverless {
  absl::string_view type;
  absl::string_view name;
};
constexpr Driverless kDriverless[] = {
    {"athena", "Athena"},
    {"fabric", "Microsoft Fabric"},
    {"sqlserver", "SQL Server"},
    {"trino", "Trino"},
};

std::string NotYet(absl::string_view type) {
  const std::string executes =
      absl::StrCat("it executes them on ",
                   absl::StrJoin({kBigQuery, kClickHouse, kDatabricks, kDuckDb,
                                  kPostgres, kRedshift, kSnowflake, kSpark},
                                 ", "));
  for (const Driverless& driverless : kDriverless) {
    if (type != driverless.type) continue;
    return absl::StrCat(
        "doppel executes no plans on ", type, ", for no package registry has ",
        "an ADBC driver of ", driverless.name,
        "; it resolves names and renders statements for it. ", executes);
  }
  return absl::StrCat("doppel does not execute plans on ", type, "; ",
                      executes);
}

bool IsSpark(absl::string_view type) {
  return type == kSpark || type == kDatabricks;
}

}  // namespace

class Connections::Impl {
 public:
  explicit Impl(ConnectionsOptions options) : options_(std::move(options)) {}

  absl::StatusOr<std::shared_ptr<Warehouse>> Open(absl::string_view name) {
    DOPPEL_ASSIGN_OR_RETURN(const auto profiles, MustRead(name));
    DOPPEL_ASSIGN_OR_RETURN(const profiles::Target target,
                            profiles->Get(name, Variable));
    const std::string whole = absl::StrCat(target.profile, "/", target.name);
    if (target.type == kBigQuery) return OpenBigQuery(whole, target);
    if (target.type == kClickHouse) return OpenClickHouse(whole, target);
    if (target.type == kDuckDb) return OpenDuckDb(whole, target);
    if (target.type == kPostgres) return OpenPostgres(whole, target);
    if (target.type == kRedshift) return OpenRedshift(whole, target);
    if (target.type == kSnowflake) return OpenSnowflake(whole, target);
    if (IsSpark(target.type)) return OpenSpark(whole, target);
    return Error(
               absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseUnsupported,
               absl::StrCat("connection \"", name, "\": ", NotYet(target.type)))
        .With("connection", name)
        .With("type", target.type);
  }

  absl::StatusOr<std::string> TypeOf(absl::string_view name) {
    DOPPEL_ASSIGN_OR_RETURN(const auto profiles, MustRead(name));
    DOPPEL_ASSIGN_OR_RETURN(const auto found,
                            profiles->Resolve(name, Variable));
    for (profiles::Profiles::Listed& listed : profiles->List()) {
      if (listed.profile == found.first && listed.target == found.second) {
        return std::move(listed.type);
      }
    }
    return std::string();
  }

  absl::StatusOr<std::vector<Listed>> List() {
    DOPPEL_ASSIGN_OR_RETURN(const auto profiles, Read());
    std::vector<Listed> all;
    if (profiles == nullptr) return all;
    for (profiles::Profiles::Listed& listed : profiles->List()) {
      all.push_back({absl::StrCat(listed.profile, "/", listed.target),
                     std::move(listed.type)});
    }
    return all;
  }

  std::string UnavailableCause(absl::string_view type) const {
    absl::Status driver;
    if (type == kClickHouse) {
      driver = clickhouse::CheckDriver(ClickHouseOptions());
    } else if (type == kDuckDb) {
      driver = duckdb::CheckDriver(DuckDbOptions());
    } else if (type == kBigQuery) {
      driver = bigquery::CheckDriver(options_.driver_dir);
    } else if (type == kPostgres || type == kRedshift) {
      driver = postgres::CheckDriver(options_.driver_dir);
    } else if (type == kSnowflake) {
      driver = snowflake::CheckDriver(options_.driver_dir);
    } else if (!IsSpark(type)) {  // which needs no driver
      return NotYet(type);
    }
    return std::string(driver.message());
  }

 private:
  using SharedProfiles = std::shared_ptr<const profiles::Profiles>;

  using Credentials =
      std::variant<bigquery::Credentials, clickhouse::Credentials,
                   duckdb::Credentials, postgres::Credentials,
                   redshift::Credentials, snowflake::Credentials,
                   spark_connect::Credentials>;
  using Opening =
      absl::FunctionRef<absl::StatusOr<std::shared_ptr<Warehouse>>()>;

  struct Opened {
    Credentials credentials;
    std::shared_ptr<Warehouse> warehouse;
  };

  clickhouse::ClickHouseOptions ClickHouseOptions() const {
    clickhouse::ClickHouseOptions options;
    options.driver_dir = options_.driver_dir;
    return options;
  }

  absl::StatusOr<std::shared_ptr<Warehouse>> OpenClickHouse(
      const std::string& name, const profiles::Target& target) {
    DOPPEL_ASSIGN_OR_RETURN(
        const clickhouse::Credentials credentials,
        clickhouse::ReadCredentials(target, FolderOfPaths(target.path)));
    return OpenOnce(name, credentials, [&] {
      return clickhouse::OpenClickHouse(credentials, ClickHouseOptions());
    });
  }

  duckdb::DuckDbOptions DuckDbOptions() const {
    duckdb::DuckDbOptions options;
    options.driver_dir = options_.driver_dir;
    return options;
  }

  absl::StatusOr<std::shared_ptr<Warehouse>> OpenDuckDb(
      const std::string& name, const profiles::Target& target) {
    DOPPEL_ASSIGN_OR_RETURN(
        const duckdb::Credentials credentials,
        duckdb::ReadCredentials(target, FolderOfPaths(target.path)));
    return OpenOnce(name, credentials, [&] {
      return duckdb::OpenDuckDb(credentials, DuckDbOptions());
    });
  }

  absl::StatusOr<std::shared_ptr<Warehouse>> OpenPostgres(
      const std::string& name, const profiles::Target& target) {
    DOPPEL_ASSIGN_OR_RETURN(const postgres::Credentials credentials,
                            postgres::ReadCredentials(target));
    return OpenOnce(name, credentials, [&] {
      return postgres::OpenPostgres(credentials, options_.driver_dir);
    });
  }

  absl::StatusOr<std::shared_ptr<Warehouse>> OpenBigQuery(
      const std::string& name, const profiles::Target& target) {
    DOPPEL_ASSIGN_OR_RETURN(
        const bigquery::Credentials credentials,
        bigquery::ReadCredentials(target, FolderOfPaths(target.path)));
    return OpenOnce(name, credentials, [&] {
      return bigquery::OpenBigQuery(credentials, options_.driver_dir);
    });
  }

  absl::StatusOr<std::shared_ptr<Warehouse>> OpenRedshift(
      const std::string& name, const profiles::Target& target) {
    DOPPEL_ASSIGN_OR_RETURN(const redshift::Credentials credentials,
                            redshift::ReadCredentials(target));
    return OpenOnce(name, credentials, [&] {
      return redshift::OpenRedshift(credentials, options_.driver_dir);
    });
  }

  absl::StatusOr<std::shared_ptr<Warehouse>> OpenSnowflake(
      const std::string& name, const profiles::Target& target) {
    DOPPEL_ASSIGN_OR_RETURN(
        const snowflake::Credentials credentials,
        snowflake::ReadCredentials(target, FolderOfPaths(target.path)));
    return OpenOnce(name, credentials, [&] {
      return snowflake::OpenSnowflake(credentials, options_.driver_dir);
    });
  }

  absl::StatusOr<std::shared_ptr<Warehouse>> OpenSpark(
      const std::string& name, const profiles::Target& target) {
    DOPPEL_ASSIGN_OR_RETURN(const spark_connect::Credentials credentials,
                            spark_connect::ReadCredentials(target, Variable));
    return OpenOnce(name, credentials,
                    [&] { return spark_connect::OpenSpark(credentials); });
  }

  // Null where there is none.
  absl::StatusOr<SharedProfiles> Read() {
    for (const std::string& path :
         profiles::CandidatePaths(options_.profiles_dir, Variable)) {
      std::error_code ignored;
      if (fs::exists(path, ignored)) return ReadAt(path);
    }
    return nullptr;
  }

  // Reads the file again when it has changed.
  absl::StatusOr<SharedProfiles> ReadAt(const std::string& path) {
    const std::optional<Stamp> stamp = StampOf(path);
    if (!stamp) return Unreadable(path);
    MutexLock lock(mutex_);
    if (stamp_ == stamp) return profiles_;
    DOPPEL_ASSIGN_OR_RETURN(profiles::Profiles read, ReadProfiles(path));
    profiles_ = std::make_shared<const profiles::Profiles>(std::move(read));
    stamp_ = stamp;
    return profiles_;
  }

  absl::StatusOr<SharedProfiles> MustRead(absl::string_view name) {
    DOPPEL_ASSIGN_OR_RETURN(SharedProfiles profiles, Read());
    if (profiles != nullptr) return profiles;
    const std::string looked = absl::StrJoin(
        profiles::CandidatePaths(options_.profiles_dir, Variable), " and ");
    return Error(absl::StatusCode::kNotFound, Reason::kConnectionNotFound,
                 absl::StrCat("no connection \"", name,
                              "\", for there is no profiles.yml; doppel "
                              "looked for ",
                              looked,
                              ". Start it with --profiles_dir, or set "
                              "$DBT_PROFILES_DIR"))
        .With("connection", name)
        .With("looked_for", looked);
  }

  // The same warehouse as before, unless the profile has changed since.
  absl::StatusOr<std::shared_ptr<Warehouse>> OpenOnce(
      const std::string& name, const Credentials& credentials, Opening open) {
    MutexLock lock(mutex_);
    const auto found = opened_.find(name);
    if (found != opened_.end() && found->second.credentials == credentials) {
      return found->second.warehouse;
    }
    DOPPEL_ASSIGN_OR_RETURN(std::shared_ptr<Warehouse> warehouse, open());
    opened_[name] = {credentials, warehouse};
    return warehouse;
  }

  const ConnectionsOptions options_;
  Mutex mutex_;
  std::optional<Stamp> stamp_ ABSL_GUARDED_BY(mutex_);
  SharedProfiles profiles_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Opened> opened_ ABSL_GUARDED_BY(mutex_);
};

Connections::Connections(ConnectionsOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

Connections::~Connections() = default;

absl::StatusOr<std::shared_ptr<Warehouse>> Connections::Open(
    absl::string_view name) {
  return impl_->Open(name);
}

absl::StatusOr<std::string> Connections::TypeOf(absl::string_view name) {
  return impl_->TypeOf(name);
}

absl::StatusOr<std::vector<Connections::Listed>> Connections::List() {
  return impl_->List();
}

std::string Connections::UnavailableCause(
    absl::string_view adapter_type) const {
  return impl_->UnavailableCause(adapter_type);
}

}  // namespace doppel::warehouse
