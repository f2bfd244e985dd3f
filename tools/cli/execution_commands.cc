// doppel watch, executions, cancel, resume.
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "doppel/v1/execution_service.pb.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "tools/cli/command.h"
#include "tools/cli/console.h"
#include "tools/cli/event_printer.h"
#include "tools/cli/failure.h"
#include "tools/cli/names.h"
#include "tools/cli/session.h"

namespace doppel::cli {
namespace {

std::string StatusWord(const v1::Execution& execution) {
  return EnumWord(v1::ExecutionStatus_Name(execution.status()),
                  "EXECUTION_STATUS_");
}

absl::Status WatchNamed(const std::string& name, Session& session,
                        Console& console) {
  EventPrinter printer(&console);
  return Watch(session, ResourceName("executions", name), printer);
}

absl::Status ListExecutions(const std::string& plan, Session& session,
                            Console& console) {
  Table table({"EXECUTION", "STATUS", "PLAN", "ENVIRONMENT", "BEGUN"});
  v1::ListExecutionsRequest request;
  if (!plan.empty()) request.set_plan(ResourceName("plans", plan));
  v1::ListExecutionsResponse response;
  do {
    grpc::ClientContext context;
    DOPPEL_RETURN_IF_ERROR(FromGrpc(
        session.executions().ListExecutions(&context, request, &response)));
    for (const v1::Execution& execution : response.executions()) {
      if (console.json()) {
        console.PrintJson(execution);
        continue;
      }
      table.AddRow({execution.name(), StatusWord(execution), execution.plan(),
                    execution.target_environment(),
                    absl::FormatTime(absl::FromUnixSeconds(
                        execution.create_time().seconds()))});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!console.json()) table.PrintTo(console);
  return absl::OkStatus();
}

absl::Status Cancel(const std::string& name, const std::string& cause,
                    Session& session, Console& console) {
  v1::CancelExecutionRequest request;
  request.set_cause(cause);
  request.set_name(ResourceName("executions", name));
  request.set_request_id(NewUuid());
  v1::CancelExecutionResponse response;
  grpc::ClientContext context;
  DOPPEL_RETURN_IF_ERROR(FromGrpc(
      session.executions().CancelExecution(&context, request, &response)));
  if (console.json()) {
    console.PrintJson(response.execution());
  } else {
    console.Print(
        absl::StrCat(request.name(), ": ", StatusWord(response.execution())));
  }
  return absl::OkStatus();
}

absl::Status Resume(const std::string& name, Session& session,
                    Console& console) {
  v1::ResumeExecutionRequest request;
  request.set_name(ResourceName("executions", name));
  request.set_request_id(NewUuid());
  v1::ResumeExecutionResponse response;
  grpc::ClientContext context;
  DOPPEL_RETURN_IF_ERROR(FromGrpc(
      session.executions().ResumeExecution(&context, request, &response)));
  return WatchNamed(name, session, console);
}

void AddNamed(CLI::App& app, const char* word, const char* help,
              absl::Status (*run)(const std::string&, Session&, Console&),
              Chosen* chosen) {
  auto name = std::make_shared<std::string>();
  CLI::App* const command = app.add_subcommand(word, help);
  command->add_option("execution", *name, "executions/{uuid}")->required();
  command->callback([name, run, chosen] {
    chosen->body = [name, run](Session& session, Console& console) {
      return run(*name, session, console);
    };
  });
}

void AddCancel(CLI::App& app, Chosen* chosen) {
  auto name = std::make_shared<std::string>();
  auto cause = std::make_shared<std::string>();
  CLI::App* const cancel = app.add_subcommand(
      "cancel",
      "stop an execution: running statements are cancelled\n\nExample:\n"
      "  doppel cancel executions/0b5e... --cause 'wrong branch'");
  cancel->add_option("execution", *name, "executions/{uuid}")->required();
  cancel->add_option("--cause", *cause,
                     "why; it stands in the execution's error");
  cancel->callback([name, cause, chosen] {
    chosen->body = [name, cause](Session& session, Console& console) {
      return Cancel(*name, *cause, session, console);
    };
  });
}

}  // namespace

void AddExecutionCommands(CLI::App& app, Chosen* chosen) {
  AddNamed(app, "watch",
           "tell of an execution, from its first event until it ends\n\n"
           "Example:\n  doppel watch executions/0b5e...",
           &WatchNamed, chosen);
  AddCancel(app, chosen);
  AddNamed(app, "resume",
           "go on with an interrupted execution, and tell of it until it ends"
           "\n\nExample:\n  doppel resume executions/0b5e...",
           &Resume, chosen);
  auto plan = std::make_shared<std::string>();
  CLI::App* const list =
      app.add_subcommand("executions",
                         "list executions, the newest first\n\nExample:\n"
                         "  doppel executions --plan plans/7f3a --output json");
  list->add_option("--plan", *plan, "only those of this plan");
  list->callback([plan, chosen] {
    chosen->body = [plan](Session& session, Console& console) {
      return ListExecutions(*plan, session, console);
    };
  });
}

}  // namespace doppel::cli
