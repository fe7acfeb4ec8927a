// TLS 1.2 and 1.3 only. HTTP.sys asks for a client's certificate late; here every handshake asks, and none is needed.
#include "tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <utility>

namespace lab {
namespace {

namespace ssl = boost::asio::ssl;

struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

// The lab's certificates are signed with SHA-256, so that is the hash of the binding [RFC 5929, 4.1].
std::string binding_of(SSL_CTX* context) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned length = 0;
    const X509* certificate = SSL_CTX_get0_certificate(context);
    if (certificate == nullptr || X509_digest(certificate, EVP_sha256(), hash.data(), &length) != 1) {
        throw std::runtime_error("a certificate has no hash");
    }
    return "tls-server-end-point:" + std::string(hash.begin(), hash.begin() + length);
}

Identity load(const std::string& stem, const std::string& ca) {
    ssl::context context(ssl::context::tls_server);
    context.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
    context.use_certificate_chain_file(stem + ".pem");
    context.use_private_key_file(stem + ".key", ssl::context::pem);
    context.load_verify_file(ca);
    context.set_verify_mode(ssl::verify_peer);
    // Without it a session cannot be resumed by a client that shows a certificate, and OpenSSL refuses to.
    static constexpr std::array<unsigned char, 6> kSession = {'h', 'v', 'h', 'o', 's', 't'};
    SSL_CTX_set_session_id_context(context.native_handle(), kSession.data(), kSession.size());
    auto binding = binding_of(context.native_handle());
    return {std::move(context), std::move(binding)};
}

}  // namespace

Certificates::Certificates(const std::string& folder, const std::string& host, const std::string& ca) {
    identities_.emplace("own", load(folder + "/" + host, ca));
    for (const std::string use : {"expired", "wrong-name", "stranger"}) {
        identities_.emplace(use, load(folder + "/" + use, ca));
    }
}

std::string client_of(SSL* connection) {
    const std::unique_ptr<X509, FreeCertificate> certificate(SSL_get1_peer_certificate(connection));
    if (!certificate) return {};
    std::array<char, 256> name{};
    const int length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                                                 static_cast<int>(name.size()));
    return length > 0 ? std::string(name.data(), static_cast<std::size_t>(length)) : std::string();
}

}  // namespace lab
