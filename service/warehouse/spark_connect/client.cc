#include "service/warehouse/spark_connect/client.h"

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "service/warehouse/adbc/canceller.h"
#include "service/warehouse/profiles/profiles.h"
#include "service/warehouse/spark_connect/arrow_ipc.h"
#include "service/warehouse/spark_connect/errors.h"

namespace doppel::warehouse::spark_connect {
namespace {

namespace sc = ::spark::connect;

constexpr char kClientType[] = "doppel";
// pyspark's own limit of an answer: batches of a result are up to 4 MiB.
constexpr int kMaxMessageBytes = 128 << 20;
// Notices a server that is gone without a word. gRPC for Java, which Spark
// serves with, ends a connection that pings more often than every five minutes.
constexpr int kKeepaliveMs = 330'000;
// A question that the server answers at once.
constexpr absl::Duration kShortCall = absl::Seconds(10);
// How long is waited for the end of what was stopped.
constexpr absl::Duration kLongestEnd = absl::Minutes(2);
// How often in a row a stream is attached to again that brings nothing, and the
// first pause before that; each one after is twice as long.
constexpr int kMaxReattachments = 6;
constexpr absl::Duration kFirstPause = absl::Milliseconds(100);

std::shared_ptr<sc::SparkConnectService::Stub> StubFor(
    const Credentials& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  const auto security = credentials.uses_tls
                            ? grpc::SslCredentials({})
                            : grpc::InsecureChannelCredentials();
  return sc::SparkConnectService::NewStub(
      grpc::CreateCustomChannel(credentials.address, security, arguments));
}

Error Cancelled() {
  return Error(absl::StatusCode::kCancelled, Reason::kCancelled,
               "the statement was cancelled before its end");
}

std::chrono::system_clock::time_point DeadlineAfter(absl::Duration duration) {
  return absl::ToChronoTime(absl::Now() + duration);
}

}  // namespace

class ClientSession final : public Session {
 public:
  ClientSession(const Client& client, absl::string_view id)
      : credentials_(client.credentials_), stub_(client.stub_), id_(id) {}

  // What broke off stays for End, which waits for it: to close a session stops
  // what is under way, but does not wait.
  ~ClientSession() override {
    if (is_known_ && !is_left_) Close();
  }

  // Until nothing is under way any more.
  absl::Status End(const std::stop_token& stop) {
    const absl::Time deadline = absl::Now() + kLongestEnd;
    is_left_ = true;
    while (true) {
      if (stop.stop_requested()) return Cancelled();
      sc::InterruptResponse interrupted;
      const grpc::Status status = InterruptAll(&interrupted);
      // A session that was closed has nothing under way that doppel began.
      if (TellsOfTheEnd(status)) return absl::OkStatus();
      if (!status.ok()) return Mapped(status);
      if (interrupted.interrupted_ids().empty()) break;
      for (const std::string& operation : interrupted.interrupted_ids()) {
        DOPPEL_RETURN_IF_ERROR(WaitFor(operation, deadline));
      }
    }
    Close();
    return absl::OkStatus();
  }

  // Whether the server answers, and to whom.
  absl::Status Open() {
    grpc::ClientContext context;
    Prepare(&context, credentials_.connect_timeout);
    context.set_wait_for_ready(false);
    sc::AnalyzePlanRequest request;
    Identify(&request);
    request.mutable_spark_version();
    sc::AnalyzePlanResponse ignored;
    const grpc::Status status = stub_->AnalyzePlan(&context, request, &ignored);
    if (!status.ok()) return Mapped(status);
    is_known_ = true;
    return absl::OkStatus();
  }

  absl::Status Execute(absl::string_view sql, std::stop_token stop) override {
    return Run(sql, stop, nullptr);
  }

  absl::StatusOr<Rows> Query(absl::string_view sql,
                             std::stop_token stop) override {
    Rows rows;
    DOPPEL_RETURN_IF_ERROR(Run(sql, stop, &rows));
    return rows;
  }

 private:
  using Reader = grpc::ClientReader<sc::ExecutePlanResponse>;

  // What came of an operation so far.
  struct Progress {
    std::string operation;  // its id
    std::string last_response;
    bool is_complete = false;
    std::optional<sc::Relation> relation;  // that a SQL command gave
  };

  // A command has done its work then, and gives a relation with its answer; a
  // query gives a relation that is still to be executed.
  absl::Status Run(absl::string_view sql, const std::stop_token& stop,
                   Rows* rows) {
    if (absl::StrContains(sql, '\0')) {
      return Error(absl::StatusCode::kFailedPrecondition,
                   Reason::kWarehouseStatementFailed,
                   "the statement has a NUL character in it");
    }
    sc::Plan command;
    command.mutable_command()
        ->mutable_sql_command()
        ->mutable_input()
        ->mutable_sql()
        ->set_query(std::string(sql));
    DOPPEL_ASSIGN_OR_RETURN(std::optional<sc::Relation> relation,
                            RunPlan(std::move(command), stop, nullptr));
    if (!relation.has_value()) return absl::OkStatus();
    if (relation->has_local_relation()) {
      if (rows == nullptr) return absl::OkStatus();
      return AppendStream(relation->local_relation().data(), rows);
    }
    sc::Plan query;
    *query.mutable_root() = *std::move(relation);
    return RunPlan(std::move(query), stop, rows).status();
  }

  absl::StatusOr<std::optional<sc::Relation>> RunPlan(
      sc::Plan plan, const std::stop_token& stop, Rows* rows) {
    if (stop.stop_requested()) return Cancelled();
    Progress progress;
    progress.operation = NewUuid();
    absl::Status status;
    {
      const adbc::Canceller canceller(
          stop, [this, &progress] { Interrupt(progress.operation); });
      status = Follow(std::move(plan), rows, &progress);
    }
    if (progress.is_complete) Release(progress.operation);
    if (GetReason(status) == Reason::kWarehouseUnreachable) is_left_ = true;
    // A cancel that came in its last moment changes nothing of what was done.
    if (status.ok()) return std::move(progress.relation);
    if (stop.stop_requested() && GetReason(status) == Reason::kCancelled) {
      return Cancelled();
    }
    return status;
  }

  // Starts the operation and reads its answer to the end, over as many streams
  // as it takes.
  absl::Status Follow(sc::Plan plan, Rows* rows, Progress* progress) {
    grpc::ClientContext first;
    Prepare(&first, absl::InfiniteDuration());
    sc::ExecutePlanRequest request;
    Identify(&request);
    request.set_operation_id(progress->operation);
    *request.mutable_plan() = std::move(plan);
    request.add_request_options()->mutable_reattach_options()->set_reattachable(
        true);
    std::unique_ptr<Reader> reader = stub_->ExecutePlan(&first, request);
    grpc::Status status;
    DOPPEL_RETURN_IF_ERROR(ReadAll(reader.get(), rows, progress, &status));
    int in_vain = 0;  // streams in a row that brought nothing
    while (!progress->is_complete) {
      if (!MayReattach(status, *progress)) return Mapped(status);
      if (in_vain > kMaxReattachments) return NoEnd(status);
      if (in_vain > 0) absl::SleepFor(kFirstPause * (1 << in_vain));
      const std::string before = progress->last_response;
      DOPPEL_RETURN_IF_ERROR(Reattach(rows, progress, &status));
      in_vain = progress->last_response == before ? in_vain + 1 : 0;
    }
    return absl::OkStatus();
  }

  absl::Status NoEnd(const grpc::Status& status) const {
    if (!status.ok()) return Mapped(status);
    return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseUnreachable,
                 "Spark: the server ends every answer before its end");
  }

  // A stream that ended well before the answer's end, or that broke after the
  // server had begun to answer. Before, nobody knows whether the operation is
  // there.
  static bool MayReattach(const grpc::Status& status,
                          const Progress& progress) {
    if (status.ok()) return true;
    return status.error_code() == grpc::StatusCode::UNAVAILABLE &&
           !progress.last_response.empty();
  }

  absl::Status Reattach(Rows* rows, Progress* progress, grpc::Status* status) {
    grpc::ClientContext context;
    Prepare(&context, absl::InfiniteDuration());
    sc::ReattachExecuteRequest request;
    Identify(&request);
    request.set_operation_id(progress->operation);
    if (!progress->last_response.empty()) {
      request.set_last_response_id(progress->last_response);
    }
    std::unique_ptr<Reader> reader = stub_->ReattachExecute(&context, request);
    return ReadAll(reader.get(), rows, progress, status);
  }

  // Until the stream ends, which `status` tells of. An error is one of what was
  // read.
  absl::Status ReadAll(Reader* reader, Rows* rows, Progress* progress,
                       grpc::Status* status) {
    sc::ExecutePlanResponse response;
    absl::Status read;
    while (reader->Read(&response)) {
      progress->last_response = response.response_id();
      if (response.has_result_complete()) progress->is_complete = true;
      if (response.has_sql_command_result()) {
        progress->relation = std::move(
            *response.mutable_sql_command_result()->mutable_relation());
      }
      if (response.has_arrow_batch() && rows != nullptr && read.ok()) {
        read = AppendStream(response.arrow_batch().data(), rows);
      }
    }
    *status = reader->Finish();
    return read;
  }

  // The call that stops an operation; a server that does not know it yet is
  // asked again, see Canceller.
  void Interrupt(const std::string& operation) {
    grpc::ClientContext context;
    Prepare(&context, kShortCall);
    sc::InterruptRequest request;
    Identify(&request);
    request.set_interrupt_type(
        sc::InterruptRequest::INTERRUPT_TYPE_OPERATION_ID);
    request.set_operation_id(operation);
    sc::InterruptResponse ignored;
    stub_->Interrupt(&context, request, &ignored);
  }

  grpc::Status InterruptAll(sc::InterruptResponse* interrupted) {
    grpc::ClientContext context;
    Prepare(&context, kShortCall);
    sc::InterruptRequest request;
    Identify(&request);
    request.set_interrupt_type(sc::InterruptRequest::INTERRUPT_TYPE_ALL);
    return stub_->Interrupt(&context, request, interrupted);
  }

  // The end of the operation's answer is the end of its work. The answer of an
  // operation that was not reattachable cannot be waited for; doppel begins
  // none.
  absl::Status WaitFor(const std::string& operation, absl::Time deadline) {
    while (true) {
      grpc::ClientContext context;
      Prepare(&context, absl::InfiniteDuration());
      context.set_deadline(absl::ToChronoTime(deadline));
      sc::ReattachExecuteRequest request;
      Identify(&request);
      request.set_operation_id(operation);
      const std::unique_ptr<Reader> reader =
          stub_->ReattachExecute(&context, request);
      Progress progress;
      grpc::Status status;
      DOPPEL_RETURN_IF_ERROR(
          ReadAll(reader.get(), nullptr, &progress, &status));
      if (progress.is_complete) return absl::OkStatus();
      if (status.ok()) continue;  // a stream that the server cut
      if (absl::Now() >= deadline) {
        return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseBusy,
                     "Spark: a statement whose sender is gone does not end");
      }
      return TellsOfTheEnd(status) ? absl::OkStatus() : Mapped(status);
    }
  }

  // That the operation failed, was stopped, or that it or its session is not
  // there any more: none of the errors that are of the call alone.
  static bool TellsOfTheEnd(const grpc::Status& status) {
    switch (status.error_code()) {
      case grpc::StatusCode::INTERNAL:
      case grpc::StatusCode::NOT_FOUND:
      case grpc::StatusCode::CANCELLED:
        return true;
      default:
        return false;
    }
  }

  void Close() {
    grpc::ClientContext context;
    Prepare(&context, kShortCall);
    sc::ReleaseSessionRequest request;
    Identify(&request);
    sc::ReleaseSessionResponse ignored;
    stub_->ReleaseSession(&context, request, &ignored);
  }

  void Release(const std::string& operation) {
    grpc::ClientContext context;
    Prepare(&context, kShortCall);
    sc::ReleaseExecuteRequest request;
    Identify(&request);
    request.set_operation_id(operation);
    request.mutable_release_all();
    sc::ReleaseExecuteResponse ignored;
    stub_->ReleaseExecute(&context, request, &ignored);
  }

  void Prepare(grpc::ClientContext* context, absl::Duration limit) const {
    for (const auto& [name, value] : credentials_.headers) {
      context->AddMetadata(name, value);
    }
    if (limit != absl::InfiniteDuration()) {
      context->set_deadline(DeadlineAfter(limit));
    }
  }

  template <typename Request>
  void Identify(Request* request) const {
    request->set_session_id(id_);
    request->set_client_type(kClientType);
    request->mutable_user_context()->set_user_id(
        credentials_.user.empty() ? kClientType : credentials_.user);
  }

  absl::Status Mapped(const grpc::Status& status) const {
    return profiles::Redacted(MapError(status), credentials_.secrets);
  }

  const Credentials credentials_;
  const std::shared_ptr<sc::SparkConnectService::Stub> stub_;
  const std::string id_;
  bool is_known_ = false;  // to the server
  // Something may be under way in it whose answer was lost.
  bool is_left_ = false;
};

Client::Client(const Credentials& credentials)
    : credentials_(credentials), stub_(StubFor(credentials)) {}

absl::StatusOr<std::unique_ptr<Session>> Client::Connect(absl::string_view id) {
  auto session = std::make_unique<ClientSession>(*this, id);
  DOPPEL_RETURN_IF_ERROR(session->Open());
  return session;
}

absl::Status Client::End(absl::string_view id, std::stop_token stop) {
  return ClientSession(*this, id).End(stop);
}

}  // namespace doppel::warehouse::spark_connect
