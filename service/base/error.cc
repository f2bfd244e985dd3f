#include "service/base/error.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace doppel {
namespace {

constexpr absl::string_view kPayloadUrl = "doppel/error_details";

// The payload is a list of length-prefixed strings; it never leaves the
// process, so its form may change at any time.
class Writer {
 public:
  void Add(absl::string_view text) {
    absl::StrAppend(&out_, text.size(), ":", text);
  }
  void AddCount(size_t count) { Add(absl::StrCat(count)); }
  absl::Cord Finish() { return absl::Cord(std::move(out_)); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(absl::string_view in) : in_(in) {}

  std::string Next() {
    const size_t colon = in_.find(':');
    size_t size = 0;
    if (!absl::SimpleAtoi(in_.substr(0, colon), &size)) return "";
    std::string text(in_.substr(colon + 1, size));
    in_.remove_prefix(colon + 1 + size);
    return text;
  }
  size_t NextCount() {
    size_t count = 0;
    return absl::SimpleAtoi(Next(), &count) ? count : 0;
  }

 private:
  absl::string_view in_;
};

absl::Cord Encode(const ErrorDetails& details) {
  Writer out;
  out.AddCount(static_cast<size_t>(details.reason));
  out.AddCount(details.metadata.size());
  for (const auto& [key, value] : details.metadata) {
    out.Add(key);
    out.Add(value);
  }
  out.AddCount(details.fields.size());
  for (const ErrorDetails::FieldViolation& field : details.fields) {
    out.Add(field.field);
    out.Add(field.description);
  }
  out.AddCount(details.preconditions.size());
  for (const auto& precondition : details.preconditions) {
    out.Add(precondition.type);
    out.Add(precondition.subject);
    out.Add(precondition.description);
  }
  out.AddCount(details.resource.has_value() ? 1 : 0);
  if (details.resource.has_value()) {
    out.Add(details.resource->type);
    out.Add(details.resource->name);
  }
  out.AddCount(details.retry_after.has_value() ? 1 : 0);
  if (details.retry_after.has_value()) {
    out.AddCount(absl::ToInt64Milliseconds(*details.retry_after));
  }
  return out.Finish();
}

ErrorDetails Decode(absl::string_view bytes) {
  Reader in(bytes);
  ErrorDetails details;
  details.reason = static_cast<Reason>(in.NextCount());
  for (size_t left = in.NextCount(); left > 0; --left) {
    std::string key = in.Next();
    details.metadata.emplace_back(std::move(key), in.Next());
  }
  for (size_t left = in.NextCount(); left > 0; --left) {
    std::string field = in.Next();
    details.fields.push_back({std::move(field), in.Next()});
  }
  for (size_t left = in.NextCount(); left > 0; --left) {
    std::string type = in.Next();
    std::string subject = in.Next();
    details.preconditions.push_back(
        {std::move(type), std::move(subject), in.Next()});
  }
  if (in.NextCount() == 1) {
    std::string type = in.Next();
    details.resource = ErrorDetails::Resource{std::move(type), in.Next()};
  }
  if (in.NextCount() == 1) {
    details.retry_after = absl::Milliseconds(in.NextCount());
  }
  return details;
}

}  // namespace

Error::Error(absl::StatusCode code, Reason reason, absl::string_view message)
    : code_(code), message_(message) {
  details_.reason = reason;
}

Error& Error::Field(absl::string_view field, absl::string_view description) {
  details_.fields.push_back({std::string(field), std::string(description)});
  return *this;
}

Error& Error::Precondition(absl::string_view type, absl::string_view subject,
                           absl::string_view description) {
  details_.preconditions.push_back(
      {std::string(type), std::string(subject), std::string(description)});
  return *this;
}

Error& Error::Resource(absl::string_view type, absl::string_view name) {
  details_.resource =
      ErrorDetails::Resource{std::string(type), std::string(name)};
  return *this;
}

Error& Error::RetryAfter(absl::Duration delay) {
  details_.retry_after = delay;
  return *this;
}

absl::Status Error::ToStatus() const {
  absl::Status status(code_, message_);
  status.SetPayload(kPayloadUrl, Encode(details_));
  return status;
}

std::optional<ErrorDetails> GetErrorDetails(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  return Decode(std::string(*payload));
}

Reason GetReason(const absl::Status& status) {
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  return details.has_value() ? details->reason : Reason::kUnspecified;
}

absl::Status Annotate(const absl::Status& status, absl::string_view context) {
  if (status.ok()) return status;
  absl::Status longer(status.code(),
                      absl::StrCat(context, ": ", status.message()));
  status.ForEachPayload(
      [&longer](absl::string_view url, const absl::Cord& payload) {
        longer.SetPayload(url, payload);
      });
  return longer;
}

}  // namespace doppel
