#include "tools/cli/session.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "service/base/digest.h"
#include "service/base/log.h"
#include "service/base/status_macros.h"
#include "tools/cli/failure.h"

namespace doppel::cli {
namespace {

constexpr size_t kChunkBytes = size_t{1} << 20;
constexpr int kMaxMessageBytes = 256 << 20;

std::string DefaultStoreDir() {
  const char* const data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data != '\0') return absl::StrCat(data, "/doppel");
  const char* const home = std::getenv("HOME");
  return absl::StrCat(home == nullptr ? "." : home, "/.local/share/doppel");
}

absl::StatusOr<std::string> TemporaryFolder() {
  std::error_code error;
  std::string path =
      (std::filesystem::temp_directory_path(error) / "doppel-XXXXXX").string();
  if (error || mkdtemp(path.data()) == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("cannot make a folder like ", path, "; set $TMPDIR"));
  }
  return path;
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> Dial(const GlobalFlags& flags) {
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (flags.tls_ca.empty()) {
    credentials = grpc::InsecureChannelCredentials();
  } else {
    DOPPEL_ASSIGN_OR_RETURN(std::string roots, ReadFile(flags.tls_ca));
    credentials = grpc::SslCredentials({std::move(roots), "", ""});
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  std::shared_ptr<grpc::Channel> channel =
      grpc::CreateCustomChannel(flags.server, credentials, arguments);
  const auto deadline = absl::ToChronoTime(absl::Now() + absl::Seconds(10));
  if (!channel->WaitForConnected(deadline)) {
    return absl::UnavailableError(absl::StrCat("no doppel server answers at ",
                                               flags.server,
                                               "; is doppeld running there?"));
  }
  return channel;
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

absl::StatusOr<std::unique_ptr<Session>> Session::Open(const GlobalFlags& flags,
                                                       bool keeps_nothing,
                                                       Console* console) {
  auto session = std::unique_ptr<Session>(new Session(console));
  if (!flags.server.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> channel,
                            Dial(flags));
    session->MakeStubs(channel);
    return session;
  }
  SetLogLevel(LogLevel::kError);
  server::HostOptions options;
  if (keeps_nothing) {
    DOPPEL_ASSIGN_OR_RETURN(session->temporary_store_, TemporaryFolder());
    options.store_dir = session->temporary_store_;
    options.durable_store = false;
    options.worker_threads = 2;  // for one call after the other
  } else {
    options.store_dir =
        flags.store_dir.empty() ? DefaultStoreDir() : flags.store_dir;
  }
  options.profiles_dir = flags.profiles_dir;
  options.driver_dir = flags.driver_dir;
  DOPPEL_ASSIGN_OR_RETURN(session->host_,
                          server::Host::Start(std::move(options)));
  session->MakeStubs(session->host_->InProcessChannel());
  return session;
}

Session::~Session() {
  manifests_.reset();
  environments_.reset();
  planning_.reset();
  executions_.reset();
  capabilities_.reset();
  if (host_ != nullptr) host_->Drain(absl::ZeroDuration(), absl::Seconds(5));
  host_.reset();
  RemoveTemporaryStore();
}

void Session::RemoveTemporaryStore() {
  if (temporary_store_.empty()) return;
  std::error_code error;  // a folder that stays is no failure of the command
  std::filesystem::remove_all(temporary_store_, error);
}

void Session::ExitIfNothingIsKept(int code) {
  if (temporary_store_.empty()) return;
  RemoveTemporaryStore();
  std::fflush(nullptr);
  std::_Exit(code);
}

void Session::MakeStubs(const std::shared_ptr<grpc::Channel>& channel) {
  manifests_ = v1::ManifestService::NewStub(channel);
  environments_ = v1::EnvironmentService::NewStub(channel);
  planning_ = v1::PlanningService::NewStub(channel);
  executions_ = v1::ExecutionService::NewStub(channel);
  capabilities_ = v1::CapabilitiesService::NewStub(channel);
}

absl::StatusOr<std::string> Session::UseManifest(
    absl::string_view name_or_file) {
  const std::string path(name_or_file);
  if (host_ == nullptr || absl::StartsWith(path, "manifests/")) {
    return KeepManifest(name_or_file);
  }
  // A store that goes with the process remembers nothing of a manifest.
  DOPPEL_ASSIGN_OR_RETURN(
      const std::string digest,
      host_->AdoptManifest(path, temporary_store_.empty()
                                     ? server::Host::Adoption::kByDigest
                                     : server::Host::Adoption::kByName));
  return absl::StrCat("manifests/", digest);
}

absl::StatusOr<std::string> Session::KeepManifest(
    absl::string_view name_or_file) {
  std::string text(name_or_file);
  constexpr size_t kNameSize = sizeof("manifests/") - 1 + 64;
  if (absl::StartsWith(text, "manifests/") && text.size() == kNameSize) {
    return text;
  }
  std::error_code error;
  if (std::filesystem::is_directory(text, error)) text += "/manifest.json";
  return Upload(text);
}

absl::StatusOr<std::string> Session::Upload(const std::string& path) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  const std::string name = absl::StrCat("manifests/", Sha256Hex(bytes));
  v1::FindMissingManifestsRequest find;
  find.add_names(name);
  v1::FindMissingManifestsResponse missing;
  grpc::ClientContext find_context;
  DOPPEL_RETURN_IF_ERROR(FromGrpc(
      manifests_->FindMissingManifests(&find_context, find, &missing)));
  if (missing.missing_size() == 0) return name;

  grpc::ClientContext context;
  v1::UploadManifestResponse response;
  auto stream = manifests_->UploadManifest(&context, &response);
  v1::UploadManifestRequest message;
  message.mutable_header()->set_name(name);
  message.mutable_header()->set_size_bytes(static_cast<int64_t>(bytes.size()));
  auto offset = static_cast<size_t>(missing.missing(0).committed_bytes());
  message.mutable_header()->set_offset(static_cast<int64_t>(offset));
  bool writable = stream->Write(message);
  while (writable && offset < bytes.size()) {
    message.set_chunk(bytes.substr(offset, kChunkBytes));
    writable = stream->Write(message);
    offset = std::min(bytes.size(), offset + kChunkBytes);
    console_->Progress(absl::StrFormat("uploading %s: %s of %s", path,
                                       HumanBytes(offset),
                                       HumanBytes(bytes.size())));
  }
  stream->WritesDone();
  console_->Progress(absl::StrCat("reading ", path));
  const grpc::Status status = stream->Finish();
  console_->EndProgress();
  if (absl::Status failed = FromGrpc(status); !failed.ok()) return failed;
  return name;
}

}  // namespace doppel::cli
