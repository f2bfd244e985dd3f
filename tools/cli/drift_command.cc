// doppel drift.
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "doppel/v1/environment_service.pb.h"
#include "service/base/status_macros.h"
#include "tools/cli/command.h"
#include "tools/cli/console.h"
#include "tools/cli/failure.h"
#include "tools/cli/names.h"
#include "tools/cli/session.h"

namespace doppel::cli {
namespace {

absl::Status Detect(const std::string& environment, Session& session,
                    Console& console) {
  Table table({"RELATION", "DRIFT", "BECAUSE"});
  v1::DetectDriftRequest request;
  request.set_environment(EnvironmentName(environment));
  v1::DetectDriftResponse response;
  int count = 0;
  do {
    grpc::ClientContext context;
    DOPPEL_RETURN_IF_ERROR(FromGrpc(
        session.environments().DetectDrift(&context, request, &response)));
    for (const v1::Drift& drift : response.drifts()) {
      ++count;
      if (console.json()) {
        console.PrintJson(drift);
        continue;
      }
      table.AddRow(
          {drift.has_target() ? drift.target().rendered() : drift.unique_id(),
           EnumWord(v1::DriftKind_Name(drift.kind()), "DRIFT_KIND_"),
           drift.explanation()});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (console.json()) return absl::OkStatus();
  if (!table.empty()) table.PrintTo(console);
  console.Print(
      absl::StrCat(request.environment(), ": ",
                   count == 0 ? "nothing drifted" : Count(count, "drift")));
  return absl::OkStatus();
}

}  // namespace

void AddDriftCommand(CLI::App& app, Chosen* chosen) {
  auto environment = std::make_shared<std::string>();
  CLI::App* const drift = app.add_subcommand(
      "drift",
      "compare what doppel made in an environment with its sources and with "
      "what is there now\n\nExamples:\n"
      "  doppel drift ci\n"
      "  doppel clone plan --from prod --to ci --reconcile");
  drift->add_option("environment", *environment, "the environment")->required();
  drift->callback([environment, chosen] {
    chosen->body = [environment](Session& session, Console& console) {
      return Detect(*environment, session, console);
    };
  });
}

}  // namespace doppel::cli
