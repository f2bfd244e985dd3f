// What doppel remembers: manifests, environments, resolutions, plans,
// executions with their events, the ledger, and requests that were answered.
//
// Nothing is acknowledged before it is durable: when a method returns OK, the
// effect survives a power cut. Methods that change something take the request
// that asked for it, if it has an id, and remember it in the same step, so that
// a repeated call can be answered as the first was.
//
// Errors of every method: UNAVAILABLE STORE_FAILED, RESOURCE_EXHAUSTED
// STORE_FULL. Others are named at the method.
//
// Thread contract: safe to use from any thread.
#ifndef DOPPEL_SERVICE_STORE_STORE_H_
#define DOPPEL_SERVICE_STORE_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/relation.h"
#include "service/manifest/text.h"

namespace doppel::store {

// A mutating request that carried a request_id.
struct RequestRecord {
  std::string request_id;
  std::string method;    // "CreateEnvironment"
  std::string digest;    // SHA-256 of the request without its id
  std::string response;  // the serialized answer, kept as it is
};

struct ManifestRecord {
  std::string digest;  // its id
  int64_t size_bytes = 0;
  // What GetManifest and ListManifests answer, made when it was uploaded, so
  // that a list reads no manifest. Opaque to the store.
  std::string summary;
  absl::Time create_time;
};

struct EnvironmentRecord {
  std::string id;
  std::string manifest;    // digest or ""
  std::string connection;  // "" if none
  bool is_protected = false;
  std::optional<absl::Time> expire_time;
  std::string description;
  std::string etag;
  absl::Time create_time;
  absl::Time update_time;
};

// What a resolution was made from, as canonical JSON: it is computed anew when
// it is read, which is quicker than reading it would be.
struct ResolutionRecord {
  std::string id;  // SHA-256 of `inputs`
  std::string inputs;
  absl::Time create_time;
};

struct PlanRecord {
  std::string id;
  std::string fingerprint;
  std::string json;  // clone::PlanToJson
  absl::Time create_time;
};

enum class ExecutionStatus : uint8_t {
  kQueued,
  kRunning,
  kSucceeded,
  kFailed,
  kCancelled,
  kInterrupted,
};

enum class OperationStatus : uint8_t {
  kPending,
  kRunning,
  kSucceeded,
  kFailed,
  kSkipped,
  kCancelled,
};

// An error as it is kept: the code, the reason's name and the text.
struct ErrorRecord {
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string reason;
  std::string message;
};

struct OperationRecord {
  int operation_id = 0;
  OperationStatus status = OperationStatus::kPending;
  int attempts = 0;
  std::optional<absl::Time> start_time;
  std::optional<absl::Time> end_time;
  ErrorRecord error;
  // The warehouse's session that it was sent on last, if it was; events do not
  // have it.
  std::string session = {};
};

struct ExecutionRecord {
  std::string id;
  std::string plan;  // id
  std::string target_environment;
  ExecutionStatus status = ExecutionStatus::kQueued;
  int connections = 1;
  bool cancel_requested = false;
  std::string cancel_cause;  // for people; "" if none was given
  absl::Time create_time;
  std::optional<absl::Time> start_time;
  std::optional<absl::Time> end_time;
  int64_t last_sequence = 0;
  ErrorRecord error;
  // When it is cancelled if it has not ended.
  std::optional<absl::Time> deadline;
  // Of the lease under which it is run; 0: nobody runs it.
  int64_t lease_token = 0;
};

// The right to run an execution and to write to what it writes to. One has it
// at a time, until it is given back, or was not renewed in time.
struct LeaseRequest {
  // "environments/prod" or other names; that of the execution,
  // "executions/{id}", is always among them.
  std::vector<std::string> names;
  std::string execution;  // id
  std::string holder;     // who runs it, for people
  absl::Duration lifetime;
};

// One name that is held.
struct LeaseRecord {
  std::string name;
  std::string execution;
  std::string holder;
  int64_t token = 0;
  absl::Time expire_time;
};

enum class EventKind : uint8_t {
  kStarted,
  kOperationStarted,
  kOperationFinished,
  kFinished,
  kResumed,
};

struct EventRecord {
  int64_t sequence = 0;  // from 1, without gaps
  absl::Time time;
  EventKind kind = EventKind::kStarted;
  // kStarted and kResumed: how many operations are to be done.
  int operations = 0;
  // kOperation*: the operation as it then stood.
  std::optional<OperationRecord> operation;
  // kFinished: the execution as it then stood.
  std::optional<ExecutionRecord> execution;
};

// An object that doppel created and still owns.
struct LedgerRecord {
  std::string connection;
  RelationName relation;
  RelationKind kind = RelationKind::kUnknown;
  std::string environment;  // id or ""
  std::string unique_id;
  std::string execution;  // that made it
  RelationName source;
  std::string source_version;  // when it was made; "" if not known
  std::string definition;      // SHA-256 of the statements that made it
  absl::Time create_time;
  // Its own version as it was seen after it was made: whoever finds another
  // one knows that somebody changed it. "" where nobody looked.
  std::string target_version = {};
  // Until when it is kept although its environment goes on; not set: for as
  // long as that does.
  std::optional<absl::Time> expire_time = {};
};

// An environment that has another manifest from now on.
struct PointedEnvironment {
  std::string id;
  std::string manifest;  // digest
  std::string etag;      // the new one
  absl::Time update_time;
};

// A page of a list and where the next begins ("" after the last).
template <typename T>
struct Page {
  std::vector<T> items;
  std::string next;
};

class Store {
 public:
  virtual ~Store() = default;

  // --- requests ---
  // What was remembered of that id in the last 24 hours or more.
  virtual absl::StatusOr<std::optional<RequestRecord>> FindRequest(
      absl::string_view request_id) = 0;

  // --- manifests ---
  // Bytes that an upload which broke off has left; 0 if none.
  virtual absl::StatusOr<int64_t> UploadedBytes(absl::string_view digest) = 0;
  // Adds bytes at `offset`, which must be where the upload stands: else
  // FAILED_PRECONDITION UPLOAD_OFFSET_MISMATCH. Bytes before a crash may be
  // lost; UploadedBytes tells what is left.
  virtual absl::Status AppendUpload(absl::string_view digest, int64_t offset,
                                    absl::string_view bytes) = 0;
  // The bytes so far, mapped, for checking and parsing.
  virtual absl::StatusOr<manifest::Text> ReadUpload(
      absl::string_view digest) = 0;
  // Throws the bytes of an upload away.
  virtual absl::Status DiscardUpload(absl::string_view digest) = 0;
  // Makes the upload the manifest's bytes, with its record.
  virtual absl::Status CommitManifest(const ManifestRecord& record) = 0;

  // NOT_FOUND MANIFEST_NOT_FOUND.
  virtual absl::StatusOr<ManifestRecord> GetManifest(
      absl::string_view digest) = 0;
  // The bytes, mapped. NOT_FOUND MANIFEST_NOT_FOUND.
  virtual absl::StatusOr<manifest::Text> ReadManifest(
      absl::string_view digest) = 0;
  // The newest first.
  virtual absl::StatusOr<Page<ManifestRecord>> ListManifests(
      int page_size, absl::string_view from) = 0;
  // NOT_FOUND; FAILED_PRECONDITION MANIFEST_IN_USE if an environment has it.
  virtual absl::Status DeleteManifest(
      absl::string_view digest,
      const std::optional<RequestRecord>& request) = 0;

  // --- environments ---
  // ALREADY_EXISTS ENVIRONMENT_EXISTS.
  virtual absl::Status CreateEnvironment(
      const EnvironmentRecord& record,
      const std::optional<RequestRecord>& request) = 0;
  // NOT_FOUND ENVIRONMENT_NOT_FOUND.
  virtual absl::StatusOr<EnvironmentRecord> GetEnvironment(
      absl::string_view id) = 0;
  // By id.
  virtual absl::StatusOr<Page<EnvironmentRecord>> ListEnvironments(
      int page_size, absl::string_view from) = 0;
  // Replaces the record whose etag is `etag`: NOT_FOUND, ABORTED
  // ETAG_MISMATCH.
  virtual absl::Status UpdateEnvironment(
      const EnvironmentRecord& record, absl::string_view etag,
      const std::optional<RequestRecord>& request) = 0;
  // NOT_FOUND, ABORTED ETAG_MISMATCH (`etag` not "" and not the current one).
  virtual absl::Status DeleteEnvironment(
      absl::string_view id, absl::string_view etag,
      const std::optional<RequestRecord>& request) = 0;

  // --- resolutions ---
  // Putting the same one twice is fine.
  virtual absl::Status PutResolution(const ResolutionRecord& record) = 0;
  // NOT_FOUND RESOLUTION_NOT_FOUND.
  virtual absl::StatusOr<ResolutionRecord> GetResolution(
      absl::string_view id) = 0;

  // --- plans ---
  virtual absl::Status PutPlan(const PlanRecord& record,
                               const std::optional<RequestRecord>& request) = 0;
  // NOT_FOUND PLAN_NOT_FOUND.
  virtual absl::StatusOr<PlanRecord> GetPlan(absl::string_view id) = 0;
  // The newest first.
  virtual absl::StatusOr<Page<PlanRecord>> ListPlans(
      int page_size, absl::string_view from) = 0;

  // --- executions ---
  virtual absl::Status CreateExecution(
      const ExecutionRecord& record,
      const std::optional<RequestRecord>& request) = 0;
  // NOT_FOUND EXECUTION_NOT_FOUND.
  virtual absl::StatusOr<ExecutionRecord> GetExecution(
      absl::string_view id) = 0;
  // The newest first; `plan` "" stands for any.
  virtual absl::StatusOr<Page<ExecutionRecord>> ListExecutions(
      absl::string_view plan, int page_size, absl::string_view from) = 0;
  // In the order of their ids; operations that were never begun are missing.
  virtual absl::StatusOr<std::vector<OperationRecord>> ListOperations(
      absl::string_view execution) = 0;
  // Executions that are queued, running or interrupted by their records, the
  // oldest first.
  virtual absl::StatusOr<std::vector<ExecutionRecord>>
  UnfinishedExecutions() = 0;
  // Remembers that a cancel was asked for, and why; the first cause stays.
  // NOT_FOUND EXECUTION_NOT_FOUND, FAILED_PRECONDITION EXECUTION_FINISHED.
  virtual absl::Status RequestCancel(
      absl::string_view execution, absl::string_view cause,
      const std::optional<RequestRecord>& request) = 0;

  // Writes, in one step: events (their sequences follow the last one), the
  // operations' and the execution's new state, what the ledger gains or loses,
  // and the manifest of an environment (where that is still there). The one way
  // in which an execution goes on. FAILED_PRECONDITION EXECUTION_FINISHED where
  // it has ended: what has ended never changes. The wish to cancel is
  // RequestCancel's alone; `state` does not touch it.
  //
  // ABORTED ENVIRONMENT_LEASED where `lease_token` is not that under which the
  // execution is run now: whoever asks has lost his lease. A state in which it
  // is not run any more gives the lease back in the same step.
  struct Progress {
    std::string execution;
    int64_t lease_token = 0;
    std::vector<EventRecord> events;
    std::vector<OperationRecord> operations;
    std::optional<ExecutionRecord> state;
    std::vector<LedgerRecord> owned;
    std::vector<LedgerRecord> disowned;
    // Target versions of what this execution made, where it still owns that.
    std::vector<LedgerRecord> seen;
    std::optional<PointedEnvironment> pointed;
    std::optional<RequestRecord> request;
  };
  virtual absl::Status Advance(const Progress& progress) = 0;

  // Events with a sequence above `after`, at most `limit`, in order.
  virtual absl::StatusOr<std::vector<EventRecord>> ReadEvents(
      absl::string_view execution, int64_t after, int limit) = 0;

  // --- leases ---
  // Takes all the names, or none, and gives a token that is greater than all
  // before. Whoever had one of them and let it end has lost them all.
  // ABORTED ENVIRONMENT_LEASED, naming the execution that has one.
  virtual absl::StatusOr<int64_t> AcquireLease(const LeaseRequest& request) = 0;
  // Holds it for `lifetime` from now on. ABORTED ENVIRONMENT_LEASED where
  // somebody else has taken one of its names, or it was given back.
  virtual absl::Status RenewLease(int64_t token, absl::Duration lifetime) = 0;
  // Gives it back; fine where it is lost.
  virtual absl::Status ReleaseLease(int64_t token) = 0;
  // Which of these names are held now.
  virtual absl::StatusOr<std::vector<LeaseRecord>> FindLeases(
      const std::vector<std::string>& names) = 0;

  // --- ledger ---
  // By connection and relation; "" stands for any connection, and for any
  // environment.
  virtual absl::StatusOr<std::vector<LedgerRecord>> ListLedger(
      absl::string_view connection, absl::string_view environment) = 0;
};

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_STORE_H_
