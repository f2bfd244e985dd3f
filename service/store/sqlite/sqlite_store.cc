#include "service/store/sqlite/sqlite_store.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/failpoint.h"
#include "service/base/mutex.h"
#include "service/base/status_macros.h"
#include "service/manifest/text.h"
#include "service/store/sqlite/database.h"
#include "service/store/sqlite/directory_lock.h"
#include "service/store/sqlite/durable_file.h"
#include "service/store/sqlite/environments.h"
#include "service/store/sqlite/executions.h"
#include "service/store/sqlite/leases.h"
#include "service/store/sqlite/ledger.h"
#include "service/store/sqlite/manifest_files.h"
#include "service/store/sqlite/manifests.h"
#include "service/store/sqlite/plans.h"
#include "service/store/sqlite/requests.h"
#include "service/store/sqlite/schema.h"
#include "service/store/store.h"

namespace doppel::store {
namespace {

// How often requests that are too old are forgotten.
constexpr absl::Duration kForgetEvery = absl::Hours(1);

// A connection and the mutex that whoever uses it has.
struct Guarded {
  Mutex mutex;
  std::unique_ptr<Database> database ABSL_GUARDED_BY(mutex);
};

// Changes go through one connection, so that they wait for each other here and
// not in SQLite; reading has its own, so that it does not wait for the disk.
class SqliteStore final : public Store {
  template <typename Reading>
  auto Read(Reading reading) {
    MutexLock lock(reader_.mutex);
    return reading(reader_.database.get());
  }

 public:
  SqliteStore(SqliteStoreOptions options, DirectoryLock lock)
      : options_(std::move(options)),
        lock_(std::move(lock)),
        files_(options_.directory) {}

  absl::Status Open();

  absl::StatusOr<std::optional<RequestRecord>> FindRequest(
      absl::string_view request_id) override {
    return Read([&](Database* database) {
      return store::FindRequest(database, request_id);
    });
  }

  absl::StatusOr<int64_t> UploadedBytes(absl::string_view digest) override {
    return files_.UploadedBytes(digest);
  }
  absl::Status AppendUpload(absl::string_view digest, int64_t offset,
                            absl::string_view bytes) override {
    return files_.AppendUpload(digest, offset, bytes);
  }
  absl::StatusOr<manifest::Text> ReadUpload(absl::string_view digest) override {
    return files_.ReadUpload(digest);
  }
  absl::Status DiscardUpload(absl::string_view digest) override {
    return files_.DiscardUpload(digest);
  }
  absl::Status CommitManifest(const ManifestRecord& record) override {
    return files_.Commit(record.digest, record.size_bytes, [&] {
      return Write(std::nullopt, [&](Database* database) {
        return PutManifest(database, record);
      });
    });
  }

  absl::StatusOr<ManifestRecord> GetManifest(
      absl::string_view digest) override {
    return Read([&](Database* database) {
      return store::GetManifest(database, digest);
    });
  }
  absl::StatusOr<manifest::Text> ReadManifest(
      absl::string_view digest) override;
  absl::StatusOr<Page<ManifestRecord>> ListManifests(
      int page_size, absl::string_view from) override {
    return Read([&](Database* database) {
      return store::ListManifests(database, page_size, from);
    });
  }
  absl::Status DeleteManifest(
      absl::string_view digest,
      const std::optional<RequestRecord>& request) override {
    return files_.Remove(digest, [&] {
      return Write(request, [&](Database* database) {
        return store::DeleteManifest(database, digest);
      });
    });
  }

  absl::Status CreateEnvironment(
      const EnvironmentRecord& record,
      const std::optional<RequestRecord>& request) override {
    return Write(request, [&](Database* database) {
      return store::CreateEnvironment(database, record);
    });
  }
  absl::StatusOr<EnvironmentRecord> GetEnvironment(
      absl::string_view id) override {
    return Read([&](Database* database) {
      return store::GetEnvironment(database, id);
    });
  }
  absl::StatusOr<Page<EnvironmentRecord>> ListEnvironments(
      int page_size, absl::string_view from) override {
    return Read([&](Database* database) {
      return store::ListEnvironments(database, page_size, from);
    });
  }
  absl::Status UpdateEnvironment(
      const EnvironmentRecord& record, absl::string_view etag,
      const std::optional<RequestRecord>& request) override {
    return Write(request, [&](Database* database) {
      return store::UpdateEnvironment(database, record, etag);
    });
  }
  absl::Status DeleteEnvironment(
      absl::string_view id, absl::string_view etag,
      const std::optional<RequestRecord>& request) override {
    return Write(request, [&](Database* database) {
      return store::DeleteEnvironment(database, id, etag);
    });
  }

  absl::Status PutResolution(const ResolutionRecord& record) override {
    return Write(std::nullopt, [&](Database* database) {
      return store::PutResolution(database, record);
    });
  }
  absl::StatusOr<ResolutionRecord> GetResolution(
      absl::string_view id) override {
    return Read(
        [&](Database* database) { return store::GetResolution(database, id); });
  }

  absl::Status PutPlan(const PlanRecord& record,
                       const std::optional<RequestRecord>& request) override {
    return Write(request, [&](Database* database) {
      return store::PutPlan(database, record);
    });
  }
  absl::StatusOr<PlanRecord> GetPlan(absl::string_view id) override {
    return Read(
        [&](Database* database) { return store::GetPlan(database, id); });
  }
  absl::StatusOr<Page<PlanRecord>> ListPlans(int page_size,
                                             absl::string_view from) override {
    return Read([&](Database* database) {
      return store::ListPlans(database, page_size, from);
    });
  }

  absl::Status CreateExecution(
      const ExecutionRecord& record,
      const std::optional<RequestRecord>& request) override {
    return Write(request, [&](Database* database) {
      return store::CreateExecution(database, record);
    });
  }
  absl::StatusOr<ExecutionRecord> GetExecution(absl::string_view id) override {
    return Read(
        [&](Database* database) { return store::GetExecution(database, id); });
  }
  absl::StatusOr<Page<ExecutionRecord>> ListExecutions(
      absl::string_view plan, int page_size, absl::string_view from) override {
    return Read([&](Database* database) {
      return store::ListExecutions(database, plan, page_size, from);
    });
  }
  absl::StatusOr<std::vector<OperationRecord>> ListOperations(
      absl::string_view execution) override {
    return Read([&](Database* database) {
      return store::ListOperations(database, execution);
    });
  }
  absl::StatusOr<std::vector<ExecutionRecord>> UnfinishedExecutions() override {
    return Read([](Database* database) {
      return store::UnfinishedExecutions(database);
    });
  }
  absl::Status RequestCancel(
      absl::string_view execution, absl::string_view cause,
      const std::optional<RequestRecord>& request) override {
    return Write(request, [&](Database* database) {
      return store::RequestCancel(database, execution, cause);
    });
  }
  absl::Status Advance(const Progress& progress) override;
  absl::StatusOr<std::vector<EventRecord>> ReadEvents(
      absl::string_view execution, int64_t after, int limit) override {
    return Read([&](Database* database) {
      return store::ReadEvents(database, execution, after, limit);
    });
  }

  absl::StatusOr<int64_t> AcquireLease(const LeaseRequest& request) override {
    int64_t token = 0;
    DOPPEL_RETURN_IF_ERROR(Write(std::nullopt, [&](Database* database) {
      return store::AcquireLease(database, request, options_.clock(), &token);
    }));
    return token;
  }
  absl::Status RenewLease(int64_t token, absl::Duration lifetime) override {
    return Write(std::nullopt, [&](Database* database) {
      return store::RenewLease(database, token, options_.clock() + lifetime);
    });
  }
  absl::Status ReleaseLease(int64_t token) override {
    return Write(std::nullopt, [&](Database* database) {
      return store::ReleaseLease(database, token);
    });
  }
  absl::StatusOr<std::vector<LeaseRecord>> FindLeases(
      const std::vector<std::string>& names) override {
    return Read([&](Database* database) {
      return store::FindLeases(database, names, options_.clock());
    });
  }

  absl::StatusOr<std::vector<LedgerRecord>> ListLedger(
      absl::string_view connection, absl::string_view environment) override {
    return Read([&](Database* database) {
      return store::ListLedger(database, connection, environment);
    });
  }

 private:
  // Makes the change and remembers the request in one step.
  absl::Status Write(const std::optional<RequestRecord>& request,
                     const std::function<absl::Status(Database*)>& change);

  absl::Status OpenDatabases();
  absl::Status ForgetOldRequests() ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_.mutex);

  const SqliteStoreOptions options_;
  const DirectoryLock lock_;
  ManifestFiles files_;
  Guarded writer_;
  Guarded reader_;
  absl::Time last_forget_ ABSL_GUARDED_BY(writer_.mutex) = absl::InfinitePast();
};

absl::Status SqliteStore::OpenDatabases() {
  const std::string path = absl::StrCat(options_.directory, "/state.db");
  MutexLock writer_lock(writer_.mutex);
  MutexLock reader_lock(reader_.mutex);
  DOPPEL_ASSIGN_OR_RETURN(
      writer_.database,
      Database::Open(
          {path, false, options_.max_database_bytes, options_.durable}));
  if (chmod(path.c_str(), 0600) != 0) {
    return FileError("cannot protect", path, errno);
  }
  const absl::Status migrated = Migrate(writer_.database.get());
  if (!migrated.ok()) return Annotate(migrated, options_.directory);
  DOPPEL_ASSIGN_OR_RETURN(reader_.database, Database::Open({path, true}));
  // Who had the folder before is gone, and so is whatever it ran.
  if (!options_.shared) {
    DOPPEL_RETURN_IF_ERROR(ForgetLeases(writer_.database.get()));
  }
  return ForgetOldRequests();
}

absl::Status SqliteStore::Open() {
  DOPPEL_RETURN_IF_ERROR(files_.Open());
  DOPPEL_RETURN_IF_ERROR(OpenDatabases());
  const auto is_known =
      [this](absl::string_view digest) -> absl::StatusOr<bool> {
    const absl::Status found = GetManifest(digest).status();
    if (absl::IsNotFound(found)) return false;
    DOPPEL_RETURN_IF_ERROR(found);
    return true;
  };
  // What nobody knows of may be what another one is about to commit.
  if (options_.shared) return absl::OkStatus();
  return files_.Sweep(is_known, options_.clock() - options_.upload_lifetime);
}

absl::Status SqliteStore::ForgetOldRequests() {
  const absl::Time now = options_.clock();
  if (now - last_forget_ < kForgetEvery) return absl::OkStatus();
  last_forget_ = now;
  return ForgetRequests(writer_.database.get(),
                        now - options_.request_lifetime);
}

absl::Status SqliteStore::Write(
    const std::optional<RequestRecord>& request,
    const std::function<absl::Status(Database*)>& change) {
  MutexLock lock(writer_.mutex);
  Database* database = writer_.database.get();
  DOPPEL_ASSIGN_OR_RETURN(Transaction transaction,
                          Transaction::Begin(database));
  if (request.has_value()) DOPPEL_RETURN_IF_ERROR(ForgetOldRequests());
  // First, so that a repeated request is known as one, whatever its effect was.
  DOPPEL_RETURN_IF_ERROR(RememberRequest(database, request, options_.clock()));
  DOPPEL_RETURN_IF_ERROR(change(database));
  DOPPEL_FAILPOINT("store.commit.before");
  DOPPEL_RETURN_IF_ERROR(transaction.Commit());
  DOPPEL_FAILPOINT("store.commit.after");
  return absl::OkStatus();
}

absl::StatusOr<manifest::Text> SqliteStore::ReadManifest(
    absl::string_view digest) {
  DOPPEL_RETURN_IF_ERROR(GetManifest(digest).status());
  absl::StatusOr<manifest::Text> text = files_.Read(digest);
  if (!absl::IsNotFound(text.status())) return text;
  // Gone since the record was read, or lost.
  DOPPEL_RETURN_IF_ERROR(GetManifest(digest).status());
  return Error(absl::StatusCode::kUnavailable, Reason::kStoreFailed,
               absl::StrCat("the bytes of manifest ", digest,
                            " are missing from ", options_.directory,
                            "/manifests; restore them from a backup"))
      .With("manifest", digest);
}

absl::Status SqliteStore::Advance(const Progress& progress) {
  return Write(progress.request, [&](Database* database) -> absl::Status {
    DOPPEL_RETURN_IF_ERROR(AdvanceExecution(database, progress));
    for (const LedgerRecord& record : progress.disowned) {
      DOPPEL_RETURN_IF_ERROR(RemoveOwned(database, record));
    }
    for (const LedgerRecord& record : progress.owned) {
      DOPPEL_RETURN_IF_ERROR(PutOwned(database, record));
    }
    for (const LedgerRecord& record : progress.seen) {
      DOPPEL_RETURN_IF_ERROR(PutSeen(database, record));
    }
    if (!progress.pointed.has_value()) return absl::OkStatus();
    return PointEnvironment(database, *progress.pointed);
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(
    SqliteStoreOptions options) {
  DOPPEL_RETURN_IF_ERROR(MakeDirectory(options.directory));
  DOPPEL_ASSIGN_OR_RETURN(
      DirectoryLock lock,
      DirectoryLock::Take(options.directory, options.lock_wait,
                          options.shared ? DirectoryLock::Kind::kShared
                                         : DirectoryLock::Kind::kExclusive));
  auto opened =
      std::make_unique<SqliteStore>(std::move(options), std::move(lock));
  DOPPEL_RETURN_IF_ERROR(opened->Open());
  return opened;
}

}  // namespace doppel::store
