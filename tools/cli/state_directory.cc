#include "tools/cli/state_directory.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "doppel/v1/planning_service.pb.h"
#include "service/base/digest.h"
#include "service/base/status_macros.h"
#include "tools/cli/failure.h"

namespace doppel::cli {
namespace {

// Receives the file into `file` and checks it.
absl::Status Receive(Session& session, const std::string& resolution,
                     std::ofstream& file, Console& console) {
  v1::DownloadDeferralStateRequest request;
  request.set_resolution(resolution);
  grpc::ClientContext context;
  auto stream = session.planning().DownloadDeferralState(&context, request);
  v1::DownloadDeferralStateResponse message;
  v1::DownloadHeader header;
  Sha256 hash;
  int64_t received = 0;
  while (stream->Read(&message)) {
    if (message.has_header()) {
      header = message.header();
      continue;
    }
    hash.Update(message.chunk());
    file.write(message.chunk().data(),
               static_cast<std::streamsize>(message.chunk().size()));
    received += static_cast<int64_t>(message.chunk().size());
    console.Progress(absl::StrCat("downloading ", HumanBytes(received), " of ",
                                  HumanBytes(header.size_bytes())));
  }
  console.EndProgress();
  DOPPEL_RETURN_IF_ERROR(FromGrpc(stream->Finish()));
  if (hash.FinishHex() != header.sha256()) {
    return absl::DataLossError(
        "the downloaded state does not have the announced SHA-256; try again");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteStateDirectory(Session& session,
                                 const std::string& resolution,
                                 const std::string& directory,
                                 Console& console) {
  const std::filesystem::path folder(directory);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::filesystem::path part = folder / "manifest.json.part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  if (!file) {
    return absl::PermissionDeniedError(
        absl::StrCat("cannot write ", part.string()));
  }
  const absl::Status received = Receive(session, resolution, file, console);
  file.close();
  if (!received.ok() || !file) {
    std::filesystem::remove(part, error);
    return received.ok()
               ? absl::ResourceExhaustedError(absl::StrCat(
                     "cannot write ", part.string(), ": is the disk full?"))
               : received;
  }
  std::filesystem::rename(part, folder / "manifest.json", error);
  if (error) {
    return absl::InternalError(
        absl::StrCat("cannot rename ", part.string(), ": ", error.message()));
  }
  return absl::OkStatus();
}

}  // namespace doppel::cli
