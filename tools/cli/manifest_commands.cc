// doppel upload, doppel manifests.
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "doppel/v1/manifest_service.pb.h"
#include "service/base/status_macros.h"
#include "tools/cli/command.h"
#include "tools/cli/console.h"
#include "tools/cli/failure.h"
#include "tools/cli/session.h"

namespace doppel::cli {
namespace {

std::string Nodes(const v1::Manifest& manifest) {
  int64_t count = 0;
  for (const v1::NodeCount& row : manifest.node_counts()) count += row.count();
  return Count(count, "node");
}

absl::Status UploadFiles(const std::vector<std::string>& files,
                         Session& session, Console& console) {
  for (const std::string& file : files) {
    DOPPEL_ASSIGN_OR_RETURN(const std::string name, session.KeepManifest(file));
    v1::GetManifestRequest request;
    request.set_name(name);
    v1::GetManifestResponse response;
    grpc::ClientContext context;
    DOPPEL_RETURN_IF_ERROR(FromGrpc(
        session.manifests().GetManifest(&context, request, &response)));
    const v1::Manifest& manifest = response.manifest();
    if (console.json()) {
      console.PrintJson(manifest);
      continue;
    }
    console.Print(name);
    console.Note(absl::StrCat("  ", manifest.project_name(), ", dbt ",
                              manifest.dbt_version(), ", ", Nodes(manifest),
                              ", ", HumanBytes(manifest.size_bytes())));
  }
  return absl::OkStatus();
}

absl::Status ListManifests(Session& session, Console& console) {
  Table table({"MANIFEST", "PROJECT", "DBT", "ADAPTER", "SIZE", "NODES"});
  v1::ListManifestsRequest request;
  v1::ListManifestsResponse response;
  do {
    grpc::ClientContext context;
    DOPPEL_RETURN_IF_ERROR(FromGrpc(
        session.manifests().ListManifests(&context, request, &response)));
    for (const v1::Manifest& manifest : response.manifests()) {
      if (console.json()) {
        console.PrintJson(manifest);
        continue;
      }
      table.AddRow({manifest.name(), manifest.project_name(),
                    manifest.dbt_version(), manifest.adapter_type(),
                    HumanBytes(manifest.size_bytes()), Nodes(manifest)});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!console.json()) table.PrintTo(console);
  return absl::OkStatus();
}

}  // namespace

void AddManifestCommands(CLI::App& app, Chosen* chosen) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* const upload =
      app.add_subcommand("upload",
                         "store manifests and print their names\n\nExample:\n"
                         "  doppel upload target/manifest.json");
  upload->add_option("files", *files, "manifest.json files, or their folders")
      ->required();
  upload->callback([files, chosen] {
    chosen->body = [files](Session& session, Console& console) {
      return UploadFiles(*files, session, console);
    };
  });
  CLI::App* const list = app.add_subcommand(
      "manifests", "list the stored manifests, the newest first");
  list->callback([chosen] { chosen->body = &ListManifests; });
}

}  // namespace doppel::cli
