#include "service/clone/naming.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "re2/re2.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"

namespace doppel::clone {

struct Naming::Compiled {
  NamingRule rule;
  // nullptr: any.
  std::unique_ptr<const re2::RE2> database;
  std::unique_ptr<const re2::RE2> schema;
};

namespace {

Error InvalidRule(size_t rule, absl::string_view field,
                  absl::string_view what) {
  const std::string path = absl::StrCat("naming.rules[", rule, "].", field);
  Error error(absl::StatusCode::kInvalidArgument, Reason::kNamingRuleInvalid,
              absl::StrCat(path, ": ", what));
  error.With("rule", rule).With("field", field).Field(path, what);
  return error;
}

absl::StatusOr<std::unique_ptr<const re2::RE2>> CompilePattern(
    size_t rule, absl::string_view field, const std::string& pattern) {
  if (pattern.empty()) return nullptr;
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_unique<const re2::RE2>(pattern, options);
  if (!compiled->ok()) {
    return InvalidRule(rule, field,
                       absl::StrCat("\"", pattern, "\" is no RE2 pattern: ",
                                    compiled->error()));
  }
  return compiled;
}

// The placeholder that `text` begins with, "{schema}"; empty for none.
absl::string_view PlaceholderAt(absl::string_view text) {
  for (const absl::string_view known :
       {"{database}", "{schema}", "{identifier}"}) {
    if (text.substr(0, known.size()) == known) return known;
  }
  return {};
}

absl::Status CheckTemplate(size_t rule, absl::string_view field,
                           absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0') {
      return InvalidRule(rule, field, "a NUL byte cannot be in a name");
    }
    if (text[i] != '{') continue;
    const absl::string_view placeholder = PlaceholderAt(text.substr(i));
    if (placeholder.empty()) {
      return InvalidRule(
          rule, field,
          absl::StrCat("unknown placeholder at \"", text.substr(i, 20),
                       "\"; expected {database}, {schema} or {identifier}"));
    }
    i += placeholder.size() - 1;
  }
  return absl::OkStatus();
}

std::string Fill(absl::string_view text, const std::string& otherwise,
                 const RelationName& source) {
  if (text.empty()) return otherwise;
  std::string filled;
  while (!text.empty()) {
    const absl::string_view placeholder = PlaceholderAt(text);
    if (placeholder.empty()) {
      filled.push_back(text[0]);
      text.remove_prefix(1);
      continue;
    }
    absl::StrAppend(&filled, placeholder == "{database}" ? source.database
                             : placeholder == "{schema}" ? source.schema
                                                         : source.identifier);
    text.remove_prefix(placeholder.size());
  }
  return filled;
}

bool Matches(const re2::RE2* pattern, const std::string& text) {
  return pattern == nullptr || re2::RE2::FullMatch(text, *pattern);
}

}  // namespace

Naming::Naming(std::vector<Compiled> rules) : rules_(std::move(rules)) {}
Naming::Naming(Naming&&) noexcept = default;
Naming& Naming::operator=(Naming&&) noexcept = default;
Naming::~Naming() = default;

absl::StatusOr<Naming> Naming::Make(std::span<const NamingRule> rules) {
  if (rules.empty()) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kNamingRuleInvalid,
                 "naming.rules: none is given")
        .Field("naming.rules", "expected at least one rule");
  }
  std::vector<Compiled> compiled;
  for (size_t i = 0; i < rules.size(); ++i) {
    const NamingRule& rule = rules[i];
    DOPPEL_ASSIGN_OR_RETURN(
        auto database,
        CompilePattern(i, "database_pattern", rule.database_pattern));
    DOPPEL_ASSIGN_OR_RETURN(
        auto schema, CompilePattern(i, "schema_pattern", rule.schema_pattern));
    DOPPEL_RETURN_IF_ERROR(CheckTemplate(i, "database", rule.database));
    DOPPEL_RETURN_IF_ERROR(CheckTemplate(i, "schema", rule.schema));
    DOPPEL_RETURN_IF_ERROR(CheckTemplate(i, "identifier", rule.identifier));
    compiled.push_back({rule, std::move(database), std::move(schema)});
  }
  return Naming(std::move(compiled));
}

std::optional<RelationName> Naming::NameFor(const RelationName& source) const {
  for (const Compiled& compiled : rules_) {
    if (!Matches(compiled.database.get(), source.database) ||
        !Matches(compiled.schema.get(), source.schema)) {
      continue;
    }
    const NamingRule& rule = compiled.rule;
    return RelationName{Fill(rule.database, source.database, source),
                        Fill(rule.schema, source.schema, source),
                        Fill(rule.identifier, source.identifier, source)};
  }
  return std::nullopt;
}

}  // namespace doppel::clone
