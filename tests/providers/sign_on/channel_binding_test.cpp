// RFC 5929 4.1, against OpenSSL's own digest of the certificate.
#include "providers/sign_on/channel_binding.hpp"

#include <doctest/doctest.h>

#include "tests/providers/sign_on/certificates.hpp"

namespace fairway::channel_binding_test {

namespace {

std::string der_of(const test::Certificate& certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate.x509.get(), &bytes);
    std::string out(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return out;
}

std::string digest_of(const std::string& der, const EVP_MD* method) {
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    test::must(EVP_Digest(der.data(), der.size(), out, &size, method, nullptr) == 1);
    return {reinterpret_cast<const char*>(out), size};
}

}  // namespace

TEST_CASE("a channel is called by its certificate's own hash, and SHA-256 where that is weak") {
    struct Row {
        const EVP_MD *of_signature, *counts;
    };
    for (const Row& row : {Row{EVP_sha256(), EVP_sha256()}, Row{EVP_sha384(), EVP_sha384()},
                           Row{EVP_sha512(), EVP_sha512()}, Row{EVP_sha1(), EVP_sha256()}}) {
        const std::string der = der_of(test::certificate({.subject = "dc01", .digest = row.of_signature}));
        CHECK(end_point_binding(der) == "tls-server-end-point:" + digest_of(der, row.counts));
    }
    CHECK(end_point_binding("").empty());
    CHECK(end_point_binding("no certificate").empty());
}

}  // namespace fairway::channel_binding_test
