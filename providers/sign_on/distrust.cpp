// See distrust.hpp. Faults are OpenSSL's verdicts (X509_STORE_CTX_get_error(3)), whoever found them.
#include "providers/sign_on/distrust.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/format.h>

#include "engine/base/characters.hpp"
#include "engine/base/text.hpp"
#include "providers/sign_on/openssl.hpp"

namespace fairway::distrust {
namespace {

constexpr std::size_t longest_detail = 200, most_names = 8;

// {its}: the certificate in question; {detail}: what is known of it, in brackets.
struct Row {
    int verdict;
    std::string_view what;
    std::string_view todo;
    std::string_view todo_pinning;  // where a certificate can be pinned
};

constexpr std::string_view by_stranger = "an authority that is not trusted here{detail} signed the {who}'s certificate",
                           name_authority = "name its certificate with {ca}",
                           name_or_pin = "name its certificate with {ca}, or pin the {who}'s with {pin}",
                           other_name = "{its} is for another name{detail}",
                           use_its_name = "use the name that it carries, or renew it with this one";

constexpr std::array rows = {
    Row{X509_V_ERR_CERT_HAS_EXPIRED, "{its} has expired{detail}", "renew it there", {}},
    Row{X509_V_ERR_CERT_NOT_YET_VALID, "{its} is not valid yet{detail}", "compare the clocks", {}},
    Row{X509_V_ERR_HOSTNAME_MISMATCH, other_name, use_its_name, {}},
    Row{X509_V_ERR_IP_ADDRESS_MISMATCH, other_name, use_its_name, {}},
    Row{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, by_stranger, name_authority, name_or_pin},
    Row{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, by_stranger, name_authority, name_or_pin},
    Row{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "the {who} signed its certificate itself",
        "name it with {ca} once you have compared it there", "pin it with {pin} once you have compared it there"},
    Row{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, by_stranger, name_authority, {}},
    Row{X509_V_ERR_CERT_REJECTED,
        "the {who} shows another certificate than the one whose fingerprint is pinned",
        "was it renewed, or is this another machine?",
        {}},
    Row{X509_V_ERR_CERT_REVOKED, "{its} was revoked", {}, {}},
};

std::string shortened(std::string_view text) {
    return text::printable(text.size() > longest_detail ? std::string(text::whole(text, longest_detail)) + "…"
                                                        : std::string(text));
}

std::string in_memory(BIO* memory) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory, &bytes);
    return size > 0 && bytes ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

std::string name_of(const X509_NAME* name) {
    const openssl::Memory memory(BIO_new(BIO_s_mem()));
    if (!memory || !name || X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
    return in_memory(memory.get());
}

std::string time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                       parts.tm_hour, parts.tm_min);
}

std::string text_of(const GENERAL_NAME& name) {
    int kind = 0;
    const auto* value = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(&name, &kind));
    if (kind != GEN_DNS && kind != GEN_IPADD) return {};
    const std::string_view bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                                 static_cast<std::size_t>(ASN1_STRING_length(value)));
    if (kind == GEN_DNS) return std::string(bytes);
    if (bytes.size() != 4) return {};
    const auto part = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    return fmt::format("{}.{}.{}.{}", part(0), part(1), part(2), part(3));
}

// The names that are compared (RFC 6125): those in the extension, or the subject's where there are none.
std::string names_of(const X509* certificate) {
    const openssl::Names names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> out;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()) && out.size() < most_names; ++i)
        if (std::string one = text_of(*sk_GENERAL_NAME_value(names.get(), i)); !one.empty())
            out.push_back(std::move(one));
    return out.empty() ? name_of(X509_get_subject_name(certificate)) : text::join(out, ", ");
}

std::string detail_of(int verdict, int depth, const X509* certificate) {
    if (!certificate) return {};
    // Of one who vouches it has to be said who that is; the server's own needs no name.
    const std::string whose = depth == 0 ? std::string() : name_of(X509_get_subject_name(certificate)) + ", ";
    switch (verdict) {
        case X509_V_ERR_CERT_HAS_EXPIRED: return whose + time_of(X509_get0_notAfter(certificate));
        case X509_V_ERR_CERT_NOT_YET_VALID: return whose + time_of(X509_get0_notBefore(certificate));
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH: return names_of(certificate);
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return name_of(X509_get_issuer_name(certificate));
        default: return {};
    }
}

// Goes on after each fault, so that all are found at once.
int note(int fine, X509_STORE_CTX* chain) {
    auto* found = static_cast<std::vector<Fault>*>(X509_STORE_CTX_get_app_data(chain));
    if (!fine && found) {
        const int verdict = X509_STORE_CTX_get_error(chain), depth = X509_STORE_CTX_get_error_depth(chain);
        const X509* certificate = X509_STORE_CTX_get_current_cert(chain);
        found->push_back({verdict, depth, shortened(detail_of(verdict, depth, certificate))});
    }
    return 1;
}

// In place of OpenSSL's whole verification. The answer is always no: no handshake from here ends well.
int refuse(X509_STORE_CTX* chain, void* found) {
    X509_STORE_CTX_set_app_data(chain, found);
    X509_STORE_CTX_set_verify_cb(chain, note);
    X509_verify_cert(chain);
    if (X509_STORE_CTX_get_error(chain) == X509_V_OK)
        X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

bool trusts(SSL_CTX* settings, const Expected& expected) {
    const char* file = expected.ca_file.empty() ? nullptr : expected.ca_file.c_str();
    const char* folder = expected.ca_folder.empty() ? nullptr : expected.ca_folder.c_str();
    return (!file && !folder) || SSL_CTX_load_verify_locations(settings, file, folder) == 1;
}

bool expects(SSL* connection, const std::string& name) {
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), name.c_str()) == 1) return true;
    SSL_set_hostflags(connection, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(connection, name.c_str()) == 1 && SSL_set_tlsext_host_name(connection, name.c_str()) == 1;
}

}  // namespace

std::string words(const Fault& fault, const Wording& wording) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.verdict == fault.verdict; });
    if (row == rows.end()) return {};
    const std::string its = fault.depth == 0
                                ? fmt::format("the {}'s certificate", wording.who)
                                : fmt::format("the certificate of an authority behind the {}'s", wording.who);
    const std::string_view todo = wording.pin.empty() || row->todo_pinning.empty() ? row->todo : row->todo_pinning;
    const std::string form = todo.empty() ? std::string(row->what) : fmt::format("{}; {}", row->what, todo);
    return fmt::format(fmt::runtime(form), fmt::arg("its", its), fmt::arg("who", wording.who),
                       fmt::arg("ca", wording.ca), fmt::arg("pin", wording.pin),
                       fmt::arg("detail", fault.detail.empty() ? "" : fmt::format(" ({})", fault.detail)));
}

std::string words(const std::vector<Fault>& faults, const Wording& wording) {
    std::vector<std::string> out;
    for (const Fault& fault : faults)
        if (std::string one = words(fault, wording);
            !one.empty() && std::find(out.begin(), out.end(), one) == out.end())
            out.push_back(std::move(one));
    if (out.empty() && !faults.empty())
        return fmt::format("the {}'s certificate is not acceptable ({})", wording.who,
                           X509_verify_cert_error_string(faults.front().verdict));
    return text::join(out, "; and ");
}

std::vector<Fault> of_peer(int socket, const Expected& expected) {
    std::vector<Fault> found;
    const openssl::Settings settings(SSL_CTX_new(TLS_client_method()));
    if (settings && trusts(settings.get(), expected)) {
        SSL_CTX_set_min_proto_version(settings.get(), TLS1_2_VERSION);
        SSL_CTX_set_verify(settings.get(), SSL_VERIFY_PEER, nullptr);
        SSL_CTX_set_cert_verify_callback(settings.get(), refuse, &found);
        const openssl::Connection connection(SSL_new(settings.get()));
        if (connection && expects(connection.get(), expected.name) && SSL_set_fd(connection.get(), socket) == 1)
            SSL_connect(connection.get());
    }
    ERR_clear_error();  // of this thread; the next one who asks must not find ours
    return found;
}

}  // namespace fairway::distrust
