#include "service/warehouse/profiles/template.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"

namespace doppel::warehouse::profiles {
namespace {

// dbt 1.12, constants.py: SECRET_ENV_PREFIX.
constexpr absl::string_view kSecretPrefix = "DBT_ENV_SECRET";

constexpr absl::string_view kKnown =
    "doppel renders env_var('NAME'), env_var('NAME', 'default'), \"~\" and the "
    "filters int, as_number, as_bool, as_native and as_text";

Error Invalid(absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kProfilesInvalid,
               what);
}

bool IsWordChar(char c) { return absl::ascii_isalnum(c) || c == '_'; }

// Jinja's int: what is no number is 0.
std::string ToInteger(absl::string_view text) {
  int64_t whole = 0;
  if (absl::SimpleAtoi(text, &whole)) return absl::StrCat(whole);
  double number = 0;
  if (!absl::SimpleAtod(text, &number)) return "0";
  constexpr double kLimit = 9e18;
  if (!(number > -kLimit && number < kLimit)) return "0";
  return absl::StrCat(static_cast<int64_t>(number));
}

absl::StatusOr<std::string> Convert(absl::string_view filter,
                                    std::string text) {
  if (filter == "as_text" || filter == "as_native") return text;
  if (filter == "int") return ToInteger(text);
  if (filter == "as_number") {
    double number = 0;
    if (absl::SimpleAtod(text, &number)) return text;
    return Invalid("as_number: the value is not a number");
  }
  if (filter == "as_bool") {
    const std::string lower = absl::AsciiStrToLower(text);
    if (lower == "true" || lower == "false") return lower;
    return Invalid("as_bool: the value is neither true nor false");
  }
  return Invalid(absl::StrCat("unknown filter \"", filter, "\"; ", kKnown))
      .With("filter", filter);
}

// One "{{ ... }}" without its braces:
//   expression := filtered ("~" filtered)*
//   filtered   := primary ("|" word)*
//   primary    := text | number | "(" expression ")" | env_var "(" ... ")"
class Expression {
 public:
  Expression(absl::string_view text, const Variables& variables)
      : rest_(text), variables_(variables) {}

  absl::StatusOr<Rendered> Evaluate() {
    DOPPEL_ASSIGN_OR_RETURN(Rendered value, Joined());
    if (!AtEnd()) return Unexpected();
    return value;
  }

 private:
  absl::StatusOr<Rendered> Joined() {
    DOPPEL_ASSIGN_OR_RETURN(Rendered value, Filtered());
    while (Take('~')) {
      DOPPEL_ASSIGN_OR_RETURN(const Rendered next, Filtered());
      value.text += next.text;
      value.is_secret |= next.is_secret;
    }
    return value;
  }

  absl::StatusOr<Rendered> Filtered() {
    DOPPEL_ASSIGN_OR_RETURN(Rendered value, Primary());
    while (Take('|')) {
      const absl::string_view filter = Word();
      if (filter.empty()) return Unexpected();
      DOPPEL_ASSIGN_OR_RETURN(value.text,
                              Convert(filter, std::move(value.text)));
    }
    return value;
  }

  absl::StatusOr<Rendered> Primary() {
    if (AtEnd()) return Unexpected();
    if (rest_[0] == '\'' || rest_[0] == '"') return Quoted();
    if (Take('(')) return InParentheses();
    if (absl::ascii_isdigit(rest_[0])) return Rendered{Number()};
    const absl::string_view word = Word();
    if (word == "env_var") return Variable();
    if (word.empty()) return Unexpected();
    return Invalid(absl::StrCat("unknown name \"", word, "\"; ", kKnown))
        .With("name", word);
  }

  absl::StatusOr<Rendered> InParentheses() {
    if (++depth_ > kMaxDepth) return Unexpected();
    DOPPEL_ASSIGN_OR_RETURN(Rendered value, Joined());
    if (!Take(')')) return Unexpected();
    --depth_;
    return value;
  }

  absl::StatusOr<Rendered> Quoted() {
    const char quote = rest_[0];
    std::string text;
    for (size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == quote) {
        rest_.remove_prefix(i + 1);
        return Rendered{std::move(text)};
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      text += rest_[i];
    }
    return Invalid("a text in quotes does not end");
  }

  std::string Number() {
    size_t size = 0;
    while (size < rest_.size() &&
           (absl::ascii_isdigit(rest_[size]) || rest_[size] == '.')) {
      ++size;
    }
    const std::string digits(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return digits;
  }

  absl::StatusOr<Rendered> Variable() {
    if (!Take('(')) return Unexpected();
    DOPPEL_ASSIGN_OR_RETURN(const Rendered name, Argument());
    std::optional<Rendered> fallback;
    if (Take(',')) {
      TakeWord("default=");
      DOPPEL_ASSIGN_OR_RETURN(fallback, Argument());
    }
    if (!Take(')')) return Unexpected();
    if (std::optional<std::string> value = variables_(name.text)) {
      return Rendered{*std::move(value),
                      absl::StartsWith(name.text, kSecretPrefix)};
    }
    if (fallback) return *std::move(fallback);
    return Invalid(absl::StrCat("Env var required but not provided: '",
                                name.text,
                                "'; set it, or give env_var a default"))
        .With("variable", name.text);
  }

  absl::StatusOr<Rendered> Argument() {
    if (AtEnd()) return Unexpected();
    if (rest_[0] == '\'' || rest_[0] == '"') return Quoted();
    if (absl::ascii_isdigit(rest_[0])) return Rendered{Number()};
    return Unexpected();
  }

  bool AtEnd() {
    rest_ = absl::StripLeadingAsciiWhitespace(rest_);
    return rest_.empty();
  }

  bool Take(char wanted) {
    if (AtEnd() || rest_[0] != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void TakeWord(absl::string_view wanted) {
    if (!AtEnd()) absl::ConsumePrefix(&rest_, wanted);
  }

  absl::string_view Word() {
    if (AtEnd()) return "";
    size_t size = 0;
    while (size < rest_.size() && IsWordChar(rest_[size])) ++size;
    const absl::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return word;
  }

  Error Unexpected() {
    if (AtEnd()) return Invalid(absl::StrCat("{{ }} ends too early; ", kKnown));
    return Invalid(absl::StrCat("unexpected \"", rest_.substr(0, 1),
                                "\" in {{ }}; ", kKnown));
  }

  static constexpr int kMaxDepth = 16;

  absl::string_view rest_;
  const Variables& variables_;
  int depth_ = 0;
};

// Where "}}" is that ends the expression: not one in quotes.
size_t FindEnd(absl::string_view text) {
  char quote = '\0';
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == '\\') ++i;
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '}' && text[i + 1] == '}') {
      return i;
    }
  }
  return absl::string_view::npos;
}

// "{{-" and "-}}" take the space around them.
absl::Status AppendExpression(absl::string_view* text,
                              const Variables& variables, Rendered* rendered) {
  const size_t end = FindEnd(*text);
  if (end == absl::string_view::npos) return Invalid("\"{{\" without \"}}\"");
  absl::string_view inner = text->substr(0, end);
  text->remove_prefix(end + 2);
  if (absl::ConsumePrefix(&inner, "-")) {
    absl::StripTrailingAsciiWhitespace(&rendered->text);
  }
  if (absl::ConsumeSuffix(&inner, "-")) {
    *text = absl::StripLeadingAsciiWhitespace(*text);
  }
  DOPPEL_ASSIGN_OR_RETURN(const Rendered value,
                          Expression(inner, variables).Evaluate());
  rendered->text += value.text;
  rendered->is_secret |= value.is_secret;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Rendered> Render(absl::string_view text,
                                const Variables& variables) {
  Rendered rendered;
  while (!text.empty()) {
    if (absl::ConsumePrefix(&text, "{{")) {
      DOPPEL_RETURN_IF_ERROR(AppendExpression(&text, variables, &rendered));
    } else if (absl::StartsWith(text, "{%")) {
      return Invalid(absl::StrCat("{% %} is not rendered; ", kKnown));
    } else if (absl::StartsWith(text, "{#")) {
      const size_t end = text.find("#}");
      if (end == absl::string_view::npos) {
        return Invalid("\"{#\" without \"#}\"");
      }
      text.remove_prefix(end + 2);
    } else {
      rendered.text += text[0];
      text.remove_prefix(1);
    }
  }
  return rendered;
}

}  // namespace doppel::warehouse::profiles
