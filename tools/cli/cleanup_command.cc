// doppel cleanup.
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "doppel/v1/execution_service.pb.h"
#include "doppel/v1/planning_service.pb.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "tools/cli/command.h"
#include "tools/cli/console.h"
#include "tools/cli/event_printer.h"
#include "tools/cli/failure.h"
#include "tools/cli/names.h"
#include "tools/cli/plan_printer.h"
#include "tools/cli/session.h"

namespace doppel::cli {
namespace {

struct CleanupFlags {
  std::string environment;
  bool yes = false;
  bool sql = false;
};

absl::Status Apply(const v1::ClonePlan& plan, Session& session,
                   Console& console) {
  v1::ExecutePlanRequest request;
  request.set_plan(plan.name());
  request.set_fingerprint(plan.fingerprint());
  request.set_request_id(NewUuid());
  EventPrinter printer(&console);
  return ExecuteAndWatch(session, request, printer);
}

absl::Status Cleanup(const CleanupFlags& flags, Session& session,
                     Console& console) {
  v1::PlanCleanupRequest request;
  if (!flags.environment.empty()) {
    request.set_environment(EnvironmentName(flags.environment));
  }
  request.set_request_id(NewUuid());
  v1::PlanCleanupResponse response;
  grpc::ClientContext context;
  const absl::Status planned =
      FromGrpc(session.planning().PlanCleanup(&context, request, &response));
  // What runs every night finds nothing most of them.
  if (HasReason(planned, "PLAN_EMPTY")) {
    console.Note(std::string(planned.message()));
    return absl::OkStatus();
  }
  DOPPEL_RETURN_IF_ERROR(planned);
  const v1::ClonePlan& plan = response.plan();
  if (console.json()) {
    console.PrintJson(plan);
  } else {
    PrintPlan(plan, flags.sql, console);
  }
  if (flags.yes) return Apply(plan, session, console);
  if (!console.json()) {
    console.Print(absl::StrCat("apply it with: doppel clone apply ",
                               plan.name(), " --fingerprint ",
                               plan.fingerprint()));
  }
  return absl::OkStatus();
}

}  // namespace

void AddCleanupCommand(CLI::App& app, Chosen* chosen) {
  auto flags = std::make_shared<CleanupFlags>();
  CLI::App* const cleanup = app.add_subcommand(
      "cleanup",
      "plan to drop what doppel made in an environment, or in all that have "
      "expired;\nwhat somebody changed, replaced, reads or made is left\n\n"
      "Examples:\n"
      "  doppel cleanup ci_4711 --sql\n"
      "  doppel cleanup --yes");
  cleanup->add_option("environment", flags->environment,
                      "the environment (default: all that have expired)");
  cleanup->add_flag("-y,--yes", flags->yes,
                    "apply the plan at once, without a review");
  cleanup->add_flag("--sql", flags->sql, "show the statements");
  cleanup->callback([flags, chosen] {
    chosen->body = [flags](Session& session, Console& console) {
      return Cleanup(*flags, session, console);
    };
  });
}

}  // namespace doppel::cli
