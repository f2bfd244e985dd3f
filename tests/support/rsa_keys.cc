#include "tests/support/rsa_keys.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstddef>
#include <functional>
#include <string>

#include "absl/strings/escaping.h"

namespace doppel::testing {
namespace {

std::string Written(const std::function<void(BIO*)>& write) {
  BIO* const out = BIO_new(BIO_s_mem());
  write(out);
  char* text = nullptr;
  const auto size = static_cast<size_t>(BIO_get_mem_data(out, &text));
  std::string written(text, size);
  BIO_free_all(out);
  return written;
}

}  // namespace

RsaKey NewRsaKey(const std::string& passphrase) {
  EVP_PKEY* const key = EVP_RSA_gen(2048);
  char* const words = const_cast<char*>(passphrase.data());
  const int size = static_cast<int>(passphrase.size());
  RsaKey made;
  made.pkcs1_pem = Written([&](BIO* out) {
    PEM_write_bio_PrivateKey_traditional(out, key, nullptr, nullptr, 0, nullptr,
                                         nullptr);
  });
  made.pkcs8_pem = Written([&](BIO* out) {
    PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr,
                                  nullptr);
  });
  made.encrypted_pem = Written([&](BIO* out) {
    PEM_write_bio_PKCS8PrivateKey(out, key, EVP_aes_256_cbc(), words, size,
                                  nullptr, nullptr);
  });
  made.der_base64 = absl::Base64Escape(Written([&](BIO* out) {
    i2d_PKCS8PrivateKey_bio(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  }));
  made.encrypted_der_base64 = absl::Base64Escape(Written([&](BIO* out) {
    i2d_PKCS8PrivateKey_bio(out, key, EVP_aes_256_cbc(), words, size, nullptr,
                            nullptr);
  }));
  made.public_pem = Written([&](BIO* out) { PEM_write_bio_PUBKEY(out, key); });
  EVP_PKEY_free(key);
  return made;
}

}  // namespace doppel::testing
