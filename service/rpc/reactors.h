// The shapes of a call on gRPC's callback API, once for all: a handler is a
// plain function or object that runs on the worker pool and knows no gRPC.
//
// Rules of the callback API that they keep: one Finish, one write or read
// under way, nothing touched after OnDone, nothing blocks gRPC's threads.
#ifndef DOPPEL_SERVICE_RPC_REACTORS_H_
#define DOPPEL_SERVICE_RPC_REACTORS_H_

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "service/base/error.h"
#include "service/base/mutex.h"
#include "service/rpc/drain_signal.h"
#include "service/rpc/status_codec.h"
#include "service/rpc/worker_pool.h"

namespace doppel::rpc {

// What every call needs of its server. Outlives all calls.
struct CallEnvironment {
  WorkerPool* pool;
  DrainSignal* drain;
};

inline absl::Status TooManyCallsError() {
  return Error(absl::StatusCode::kResourceExhausted, Reason::kTooManyCalls,
               "too many calls are waiting; call again later")
      .RetryAfter(absl::Milliseconds(200));
}

// --- one request, one response ---

template <typename Request, typename Response>
using UnaryHandler =
    std::function<absl::Status(const Request&, Response*, std::stop_token)>;

template <typename Request, typename Response>
class UnaryReactor final : public grpc::ServerUnaryReactor {
 public:
  UnaryReactor(const CallEnvironment& environment, absl::string_view name,
               const Request* request, Response* response,
               UnaryHandler<Request, Response> handler)
      : name_(name),
        request_(request),
        response_(response),
        handler_(std::move(handler)) {
    if (environment.drain->calls.stop_requested()) {
      Finish(ToGrpcStatus(DrainingError(), name_));
    } else if (!environment.pool->TryRun([this] { Work(); })) {
      Finish(ToGrpcStatus(TooManyCallsError(), name_));
    }
  }

  void OnCancel() override { stop_.request_stop(); }
  void OnDone() override { delete this; }

 private:
  void Work() {
    if (stop_.stop_requested()) {
      Finish(
          ToGrpcStatus(absl::CancelledError("cancelled by the caller"), name_));
      return;
    }
    Finish(
        ToGrpcStatus(handler_(*request_, response_, stop_.get_token()), name_));
  }

  const std::string name_;
  const Request* const request_;
  Response* const response_;
  const UnaryHandler<Request, Response> handler_;
  std::stop_source stop_;
};

// The reactor of a handler's method. It owns itself.
template <typename Handlers, typename Request, typename Response>
grpc::ServerUnaryReactor* Unary(
    const CallEnvironment& environment, absl::string_view name,
    const Request* request, Response* response, Handlers& handlers,
    absl::Status (Handlers::*method)(const Request&, Response*,
                                     std::stop_token)) {
  return new UnaryReactor<Request, Response>(
      environment, name, request, response,
      [&handlers, method](const Request& in, Response* out,
                          std::stop_token stop) {
        return (handlers.*method)(in, out, std::move(stop));
      });
}

// --- one request, a stream of responses ---

// Where a stream's messages come from. Next is never called twice at once.
template <typename Response>
class MessageSource {
 public:
  enum class Pulled { kMessage, kNothingYet, kEnd };

  virtual ~MessageSource() = default;

  // Fills `message`, or says that there is none yet, or none any more. An
  // error ends the stream with it. May block for as long as a unary call.
  virtual absl::StatusOr<Pulled> Next(Response* message,
                                      std::stop_token stop) = 0;
};

template <typename Response>
class StreamReactor final : public grpc::ServerWriteReactor<Response> {
 public:
  using Source = MessageSource<Response>;
  // Makes the source, on the worker pool. `wake` is to be called, from any
  // thread, whenever Next() may have something after kNothingYet.
  using Opener = std::function<absl::StatusOr<std::unique_ptr<Source>>(
      std::function<void()> wake, std::stop_token stop)>;

  // The reactor owns itself until OnDone.
  static StreamReactor* Start(const CallEnvironment& environment,
                              absl::string_view name, Opener opener) {
    auto reactor = std::shared_ptr<StreamReactor>(
        new StreamReactor(environment, name, std::move(opener)));
    reactor->self_ = reactor;
    reactor->Begin();
    return reactor.get();
  }

  void OnWriteDone(bool ok) override {
    if (!ok) stop_.request_stop();
    environment_.pool->Run([this] { Pump(); });
  }
  void OnCancel() override {
    stop_.request_stop();
    Wake();
  }
  void OnDone() override {
    drain_callback_.reset();
    self_.reset();  // the last reference but for a wake that is under way
  }

 private:
  StreamReactor(const CallEnvironment& environment, absl::string_view name,
                Opener opener)
      : environment_(environment), name_(name), opener_(std::move(opener)) {}

  void Begin() {
    if (environment_.drain->calls.stop_requested()) {
      this->Finish(ToGrpcStatus(DrainingError(), name_));
    } else if (!environment_.pool->TryRun([this] { Open(); })) {
      this->Finish(ToGrpcStatus(TooManyCallsError(), name_));
    }
  }

  void Open() {
    std::weak_ptr<StreamReactor> weak = self_;
    auto wake = [weak] {
      if (std::shared_ptr<StreamReactor> self = weak.lock()) self->Wake();
    };
    absl::StatusOr<std::unique_ptr<Source>> source =
        opener_(wake, stop_.get_token());
    if (!source.ok()) {
      this->Finish(ToGrpcStatus(source.status(), name_));
      return;
    }
    source_ = *std::move(source);
    drain_callback_.emplace(environment_.drain->streams.get_token(), wake);
    Pump();
  }

  // Takes the next message and sends it, or waits for a wake, or ends.
  void Pump() {
    while (true) {
      if (stop_.stop_requested()) return End(absl::CancelledError("cancelled"));
      message_.Clear();
      const absl::StatusOr<typename Source::Pulled> pulled =
          source_->Next(&message_, stop_.get_token());
      if (!pulled.ok()) return End(pulled.status());
      if (*pulled == Source::Pulled::kEnd) return End(absl::OkStatus());
      if (*pulled == Source::Pulled::kMessage) {
        this->StartWrite(&message_);
        return;
      }
      if (environment_.drain->streams.stop_requested()) {
        return End(DrainingError());
      }
      if (Rest()) return;
    }
  }

  void End(const absl::Status& status) {
    source_.reset();
    this->Finish(ToGrpcStatus(status, name_));
  }

  // True when the stream now rests; false when it was woken meanwhile.
  bool Rest() {
    MutexLock lock(mutex_);
    resting_ = !woken_;
    woken_ = false;
    return resting_;
  }

  void Wake() {
    {
      MutexLock lock(mutex_);
      if (!resting_) {
        woken_ = true;
        return;
      }
      resting_ = false;
    }
    environment_.pool->Run([this] { Pump(); });
  }

  const CallEnvironment environment_;
  const std::string name_;
  const Opener opener_;
  std::shared_ptr<StreamReactor> self_;
  std::unique_ptr<Source> source_;
  std::stop_source stop_;
  std::optional<std::stop_callback<std::function<void()>>> drain_callback_;
  Response message_;
  Mutex mutex_;
  bool resting_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
};

// --- a stream of requests, one response ---

// Where a stream's messages go. Never called twice at once.
template <typename Request, typename Response>
class MessageSink {
 public:
  virtual ~MessageSink() = default;

  // Takes a message. False: enough, answer now.
  virtual absl::StatusOr<bool> Accept(const Request& message,
                                      std::stop_token stop) = 0;

  // The client has sent all, or Accept had enough.
  virtual absl::Status Finish(Response* response, std::stop_token stop) = 0;
};

template <typename Request, typename Response>
class UploadReactor final : public grpc::ServerReadReactor<Request> {
 public:
  using Sink = MessageSink<Request, Response>;

  UploadReactor(const CallEnvironment& environment, absl::string_view name,
                Response* response, std::unique_ptr<Sink> sink)
      : environment_(environment),
        name_(name),
        response_(response),
        sink_(std::move(sink)) {
    if (environment.drain->calls.stop_requested()) {
      this->Finish(ToGrpcStatus(DrainingError(), name_));
    } else {
      this->StartRead(&message_);
    }
  }

  void OnReadDone(bool ok) override {
    if (!environment_.pool->TryRun([this, ok] { ok ? Take() : End(); })) {
      this->Finish(ToGrpcStatus(TooManyCallsError(), name_));
    }
  }
  void OnCancel() override { stop_.request_stop(); }
  void OnDone() override { delete this; }

 private:
  void Take() {
    const absl::StatusOr<bool> more =
        sink_->Accept(message_, stop_.get_token());
    if (!more.ok()) {
      this->Finish(ToGrpcStatus(more.status(), name_));
    } else if (!*more) {
      End();
    } else {
      this->StartRead(&message_);
    }
  }

  void End() {
    if (stop_.stop_requested()) {
      this->Finish(ToGrpcStatus(absl::CancelledError("cancelled"), name_));
      return;
    }
    this->Finish(
        ToGrpcStatus(sink_->Finish(response_, stop_.get_token()), name_));
  }

  const CallEnvironment environment_;
  const std::string name_;
  Response* const response_;
  const std::unique_ptr<Sink> sink_;
  Request message_;
  std::stop_source stop_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_REACTORS_H_
