// RSA keys for the tests of key-pair authentication: made when they are asked
// for, so that none lies in the repository.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_TESTS_SUPPORT_RSA_KEYS_H_
#define DOPPEL_TESTS_SUPPORT_RSA_KEYS_H_

#include <string>

namespace doppel::testing {

// One key in each of the forms that people have it in.
struct RsaKey {
  std::string pkcs1_pem;             // "BEGIN RSA PRIVATE KEY"
  std::string pkcs8_pem;             // "BEGIN PRIVATE KEY"
  std::string encrypted_pem;         // "BEGIN ENCRYPTED PRIVATE KEY"
  std::string der_base64;            // of pkcs8_pem
  std::string encrypted_der_base64;  // of encrypted_pem
  std::string public_pem;            // "BEGIN PUBLIC KEY"
};
RsaKey NewRsaKey(const std::string& passphrase);

}  // namespace doppel::testing

#endif  // DOPPEL_TESTS_SUPPORT_RSA_KEYS_H_
