#include "service/warehouse/snowflake/private_key.h"

#include <openssl/bio.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace doppel::warehouse::snowflake {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(OSSL_DECODER_CTX* context) const {
    OSSL_DECODER_CTX_free(context);
  }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

using Bytes = const unsigned char*;

// Null where it cannot be read.
Owned<EVP_PKEY> Decode(absl::string_view bytes, absl::string_view passphrase) {
  EVP_PKEY* key = nullptr;
  const Owned<OSSL_DECODER_CTX> context(OSSL_DECODER_CTX_new_for_pkey(
      &key, nullptr, nullptr, "RSA", EVP_PKEY_KEYPAIR, nullptr, nullptr));
  if (context == nullptr) return nullptr;
  // An empty one, too: else OpenSSL would ask on the terminal.
  OSSL_DECODER_CTX_set_passphrase(context.get(),
                                  reinterpret_cast<Bytes>(passphrase.data()),
                                  passphrase.size());
  Bytes data = reinterpret_cast<Bytes>(bytes.data());
  size_t size = bytes.size();
  OSSL_DECODER_from_data(context.get(), &data, &size);
  return Owned<EVP_PKEY>(key);
}

std::optional<std::string> Encode(EVP_PKEY* key) {
  const Owned<BIO> out(BIO_new(BIO_s_mem()));
  if (out == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0,
                                    nullptr, nullptr) != 1) {
    return std::nullopt;
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);  // NOLINT
  return std::string(text, static_cast<size_t>(size));
}

}  // namespace

std::optional<std::string> ToPkcs8Pem(absl::string_view key,
                                      absl::string_view passphrase) {
  std::string der;
  absl::string_view bytes = absl::StripLeadingAsciiWhitespace(key);
  if (!absl::StartsWith(bytes, "-")) {
    if (!absl::Base64Unescape(bytes, &der)) return std::nullopt;
    bytes = der;
  }
  const Owned<EVP_PKEY> decoded =
      Decode(bytes, passphrase.data() == nullptr ? "" : passphrase);
  std::optional<std::string> pem;
  if (decoded != nullptr) pem = Encode(decoded.get());
  ERR_clear_error();
  return pem;
}

}  // namespace doppel::warehouse::snowflake
