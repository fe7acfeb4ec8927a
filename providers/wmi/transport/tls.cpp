// See tls.hpp.
#include "providers/wmi/transport/tls.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/trusted_file.hpp"
#include "providers/sign_on/channel_binding.hpp"
#include "providers/sign_on/distrust.hpp"
#include "providers/sign_on/openssl.hpp"

namespace fairway::wmi {
namespace {

constexpr distrust::Wording wording = {"host", "`tls: {ca: …}`", "`tls: {fingerprint: …}`"};

// What a host says about the certificate that we showed (RFC 8446 6.2), as OpenSSL numbers it.
constexpr std::array alerts_about_ours = {
    SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,     SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
    SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
    SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, SSL_R_TLSV1_ALERT_UNKNOWN_CA,
    SSL_R_TLSV1_ALERT_ACCESS_DENIED,       SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
};

std::string hexadecimal(const unsigned char* bytes, unsigned size) {
    std::string out;
    for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", bytes[i]);
    return out;
}

std::string fingerprint_of(X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (certificate == nullptr || X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
    return hexadecimal(digest.data(), size);
}

struct Trust {
    std::string fingerprint;
    bool by_authority;
};

int keep_index() {
    static const int index = SSL_CTX_get_ex_new_index(
        0, nullptr, nullptr, nullptr,
        [](void*, void* trust, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<Trust*>(trust); });
    return index;
}

// In place of OpenSSL's whole verification, so that no answer of a part can be overlooked.
int verify(X509_STORE_CTX* store, void* given) {
    const auto& trust = *static_cast<const Trust*>(given);
    if (!trust.fingerprint.empty() && fingerprint_of(X509_STORE_CTX_get0_cert(store)) != trust.fingerprint) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
        return 0;
    }
    return trust.by_authority ? X509_verify_cert(store) : 1;
}

std::string last_error() {
    const unsigned long code = ERR_peek_last_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    return reason ? reason : "unknown reason";
}

}  // namespace

Result<std::shared_ptr<Tls>> Tls::make(const HostTls& trust, const Credentials& client) try {
    const std::shared_ptr<Tls> out(new Tls);
    SSL_CTX* raw = out->settings_.native_handle();
    SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    out->fingerprint_ = trust.fingerprint;
    out->by_authority_ = trust.fingerprint.empty() || !trust.ca.empty();
    if (!trust.ca.empty()) {
        if (SSL_CTX_load_verify_locations(raw, trust.ca.c_str(), nullptr) != 1)
            return fail(Code::bad_input, fmt::format("cannot read the authority's certificate {}: {}; it must be PEM",
                                                     trust.ca, last_error()));
    } else {
        SSL_CTX_set_default_verify_paths(raw);
    }
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
    auto* kept = new Trust{out->fingerprint_, out->by_authority_};
    SSL_CTX_set_ex_data(raw, keep_index(), kept);  // lives and dies with the settings
    SSL_CTX_set_cert_verify_callback(raw, verify, kept);
    if (client.form == Credentials::Form::certificate) {
        if (SSL_CTX_use_certificate_chain_file(raw, client.path.c_str()) != 1)
            return fail(Code::bad_input,
                        fmt::format("cannot read our certificate {}: {}; it must be PEM", client.path, last_error()));
        if (const auto ours = is_secret_file(client.key); !ours) return tl::unexpected(ours.error());
        if (SSL_CTX_use_PrivateKey_file(raw, client.key.c_str(), SSL_FILETYPE_PEM) != 1)
            return fail(Code::bad_input, fmt::format("cannot use the key {}: {}; it must be PEM, without a passphrase, "
                                                     "and belong to the certificate",
                                                     client.key, last_error()));
    }
    return out;
} catch (const std::exception& e) {
    return fail(Code::bad_input, fmt::format("TLS cannot be set up: {}", e.what()));
}

Result<void> expect(TlsStream& stream, const std::string& name) {
    SSL* raw = stream.native_handle();
    SSL_set_hostflags(raw, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (SSL_set1_host(raw, name.c_str()) != 1 || SSL_set_tlsext_host_name(raw, name.c_str()) != 1)
        return fail(Code::bad_input, fmt::format("{} cannot be the name in a certificate", name));
    return {};
}

std::optional<Error> refusal_of_ours(const error_code& ec, const std::string& name) {
    if (ec.category() != asio::error::get_ssl_category()) return std::nullopt;
    const int reason = ERR_GET_REASON(static_cast<unsigned long>(ec.value()));
    if (std::find(alerts_about_ours.begin(), alerts_about_ours.end(), reason) == alerts_about_ours.end())
        return std::nullopt;
    return Error{Code::denied, fmt::format("{} does not take the certificate that we show ({}); is it valid, and does "
                                           "the host trust the authority that signed it?",
                                           name, ec.message())};
}

Error why_refused(TlsStream& stream, const error_code& ec, const std::string& name) {
    const long verdict = SSL_get_verify_result(stream.native_handle());
    const std::string said = fmt::format("no TLS connection to {}", name);
    if (verdict != X509_V_OK)
        return {Code::denied,
                fmt::format("{}: {}", said, distrust::words({{static_cast<int>(verdict), 0, {}}}, wording))};
    if (auto ours = refusal_of_ours(ec, name)) return *ours;
    return {Code::unreachable, fmt::format("{}: {}; is the port that of an HTTPS listener, and does the host speak TLS "
                                           "1.2 or later?",
                                           said, ec.message())};
}

std::string channel_binding(TlsStream& stream) {
    const openssl::Certificate certificate(SSL_get1_peer_certificate(stream.native_handle()));
    unsigned char* made = nullptr;
    const int size = certificate ? i2d_X509(certificate.get(), &made) : 0;
    const openssl::Bytes der(made);
    return size <= 0 ? std::string{}
                     : end_point_binding({reinterpret_cast<const char*>(made), static_cast<std::size_t>(size)});
}

std::string protocol_name(TlsStream& stream) { return SSL_get_version(stream.native_handle()); }

}  // namespace fairway::wmi
