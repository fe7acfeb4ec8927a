// See session.hpp. LDAP is RFC 4511, its SASL and TLS layers RFC 4513; what Active Directory allows of their
// mixtures is MS-ADTS 5.1.1.1 and 5.1.2; facts LDAP-34 and LDAP-35.
#include "providers/ldap/wire/session.hpp"

#include <array>
#include <chrono>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include "engine/base/log.hpp"
#include "providers/ldap/wire/diagnosis.hpp"
#include "providers/ldap/wire/guards.hpp"
#include "providers/ldap/wire/library.hpp"
#include "providers/ldap/wire/login.hpp"
#include "providers/ldap/wire/result.hpp"
#include "providers/ldap/wire/sasl.hpp"
#include "providers/sign_on/channel_binding.hpp"
#include "providers/sign_on/gss.hpp"
#include "providers/sign_on/secret.hpp"

namespace fairway::ldap {
namespace {

constexpr int sign_on_timeout_s = 30;
constexpr ber_len_t largest_answer = 64u << 20;

// Whom a name led to; empty where that cannot be known.
std::string peer_of(int socket) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    std::array<char, NI_MAXHOST> text{};
    auto* address = reinterpret_cast<sockaddr*>(&peer);
    if (::getpeername(socket, address, &size) != 0 ||
        ::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
        return {};
    return text.data();
}

std::string option_text(LDAP* ld, int number) {
    char* said = nullptr;
    ldap_get_option(ld, number, &said);
    const Text owned(said);
    return said ? said : "";
}

// Who named the server, and what to do where it is not the controller that it was said to be.
std::string named_by(const Directory& directory) {
    if (directory.servers.empty())
        return fmt::format(
            "DNS names it a controller (_ldap._tcp.dc._msdcs.{}): see who wrote that there, or name "
            "`servers` in the inventory",
            directory.domain);
    return fmt::format(
        "the inventory names it a controller: correct `servers` (`setspn -Q ldap/*/{}` lists those that are)",
        directory.domain);
}

}  // namespace

Session::~Session() {
    const NoPipeSignal quiet;
    if (ld_) ldap_unbind_ext_s(ld_, nullptr, nullptr);
}

tl::unexpected<Error> Session::refused(Doing doing, int code, const std::string& cause) {
    lost_ = lost_ || is_lost(code);
    if (seal_ && !seal_->trouble().empty())
        return fail(Code::protocol,
                    fmt::format("the connection to {} is of no use any more: {}", server_, seal_->trouble()));
    return tl::unexpected(
        explain(doing, {code, ld_ ? option_text(ld_, LDAP_OPT_DIAGNOSTIC_MESSAGE) : "", server_, cause}));
}

// Every option that matters is set here, because ldap.conf, ~/.ldaprc and LDAP* variables set them too.
Result<void> Session::set_options(const Directory& directory) {
    const int version = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, tls12 = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    const int client = 0;
    const timeval connect{connect_patience.count(), 0}, sign_on{sign_on_timeout_s, 0};
    const bool tls = directory.tls != Tls::none;
    struct Option {
        int number;
        const void* value;
        bool wanted = true;
    };
    const Option options[] = {
        {LDAP_OPT_PROTOCOL_VERSION, &version},
        {LDAP_OPT_REFERRALS, LDAP_OPT_OFF},  // a ticket must not be shown to whoever a server names
        {LDAP_OPT_NETWORK_TIMEOUT, &connect},
        {LDAP_OPT_TIMEOUT, &sign_on},
        {LDAP_OPT_X_TLS_REQUIRE_CERT, &demand, tls},
        {LDAP_OPT_X_TLS_PROTOCOL_MIN, &tls12, tls},
        {LDAP_OPT_X_TLS_CACERTFILE, directory.ca.c_str(), tls && !directory.ca.empty()},
        {LDAP_OPT_X_TLS_NEWCTX, &client, tls},  // last: makes the settings above count
    };
    for (const Option& option : options) {
        if (!option.wanted || ldap_set_option(ld_, option.number, option.value) == LDAP_OPT_SUCCESS) continue;
        if (option.number == LDAP_OPT_X_TLS_NEWCTX)
            return fail(Code::bad_input, fmt::format("the certificates in `{}` cannot be used; name a PEM file with "
                                                     "the authority that signed the directory servers' certificates",
                                                     directory.ca));
        return fail(Code::unsupported, fmt::format("the LDAP library does not know option {:#x}", option.number));
    }
    limit_answers(ld_, largest_answer);
    return {};
}

Result<void> Session::encrypt(const Directory& directory) {
    const int socket = descriptor_of(ld_);
    if (socket < 0) return refused(Doing::connecting, LDAP_LOCAL_ERROR);
    const std::string address = peer_of(socket);
    int code = LDAP_SUCCESS;
    {
        const Deadline deadline(socket, connect_patience);
        code = directory.tls == Tls::ldaps ? ldap_install_tls(ld_) : ldap_start_tls_s(ld_, nullptr, nullptr);
        if (deadline.passed()) code = LDAP_TIMEOUT;
    }
    if (code == LDAP_SUCCESS) return {};
    if (code != LDAP_CONNECT_ERROR) return refused(Doing::connecting, code);
    return refused(Doing::connecting, code,
                   why_untrusted({server_, address, option_text(ld_, LDAP_OPT_X_TLS_CACERTFILE),
                                  option_text(ld_, LDAP_OPT_X_TLS_CACERTDIR)},
                                 directory));
}

Result<void> Session::open(const Directory& directory) {
    const NoPipeSignal quiet;
    if (directory.bind == Bind::simple && directory.tls == Tls::none)
        return fail(Code::refused,
                    "a simple bind without TLS would show the password to the network; set `tls` to "
                    "starttls or ldaps in the inventory, or sign on with gssapi");
    if (directory.bind == Bind::simple && !directory.credentials.is_password())
        return fail(Code::bad_input,
                    "a simple bind needs a password; correct `bind` or the credentials of the directory");
    // Connected first and encrypted then, for ldaps too: else a wrong certificate and a silent server are
    // one and the same error of the library.
    const Result<std::string> uri = server_uri("ldap", server_, directory.port);
    if (!uri) return tl::unexpected(uri.error());
    int code = ldap_initialize(&ld_, uri->c_str());
    if (code != LDAP_SUCCESS) return refused(Doing::connecting, code);
    if (auto set = set_options(directory); !set) return set;
    code = ldap_connect(ld_);
    if (code != LDAP_SUCCESS) return refused(Doing::connecting, code);
    if (directory.tls != Tls::none)
        if (auto encrypted = encrypt(directory); !encrypted) return encrypted;
    log::debug(fmt::format("ldap: signing on to {}", *uri));
    return directory.bind == Bind::simple ? sign_on_simply(directory) : sign_on_with_ticket(directory);
}

Result<void> Session::sign_on_simply(const Directory& directory) {
    // A name or password of no length would be an anonymous sign-on that "succeeds" (RFC 4513 5.1.2);
    // no source of secrets gives an empty one.
    if (directory.credentials.principal.empty())
        return fail(Code::bad_input, "a simple bind needs the user's name (user@domain or its distinguished name)");
    const Result<SharedSecret> secret = obtain_secret(password_source(directory.credentials));
    if (!secret) return tl::unexpected(secret.error());
    const std::string_view text = (*secret)->text();
    const berval password{text.size(), const_cast<char*>(text.data())};
    const int code = ldap_sasl_bind_s(ld_, directory.credentials.principal.c_str(), LDAP_SASL_SIMPLE,
                                      const_cast<berval*>(&password), nullptr, nullptr, nullptr);
    if (code != LDAP_SUCCESS) return refused(code < 0 ? Doing::connecting : Doing::signing_on, code);
    return {};
}

Error Session::not_signed_on(const Error& why, const Directory& directory, bool asked, bool proved) {
    Error out = why;
    if (!asked && why.text.find(gss::unknown_service) != std::string::npos) out.text += "; " + named_by(directory);
    if (!asked) return out;
    if (!why.text.starts_with("cannot ")) out.text = fmt::format("cannot sign on to {}: {}", server_, why.text);
    if (!proved)
        out.text += fmt::format(
            "; whoever answers at {} did not prove to be {}, a controller of {}, and nothing else was "
            "said there: see where that name leads",
            peer_of(descriptor_of(ld_)), server_, directory.domain);
    return out;
}

// Active Directory lets only a domain controller hold ldap/HOST/DOMAIN, and any computer ldap/HOST of its own name.
Result<void> Session::sign_on_with_ticket(const Directory& directory) {
    const bool spnego = directory.bind == Bind::gss_spnego, tls = directory.tls != Tls::none;
    const auto login = login_by(directory.credentials, spnego ? gss::Mechanism::spnego : gss::Mechanism::krb5);
    if (!login) return tl::unexpected(login.error());
    const std::string binding = tls ? end_point_binding(certificate_of(ld_)) : "";
    if (tls && binding.empty())
        return fail(Code::unsupported, "the LDAP library does not show the server's certificate");
    const auto handshake = std::make_shared<gss::Handshake>(*login, gss::Service{"ldap", server_, directory.domain},
                                                            binding, tls ? gss::Purpose::proof : gss::Purpose::sealing);
    bool asked = false, server_said_no = false;
    const auto say = [&](const std::string& token) -> Result<Turn> {
        const berval ours = borrowed_bytes(token);
        berval* theirs = nullptr;
        asked = true;
        const int code = ldap_sasl_bind_s(ld_, nullptr, spnego ? "GSS-SPNEGO" : "GSSAPI", const_cast<berval*>(&ours),
                                          nullptr, nullptr, &theirs);
        const Bytes owned(theirs);
        if (code == LDAP_SUCCESS || code == LDAP_SASL_BIND_IN_PROGRESS)
            return Turn{code == LDAP_SUCCESS, theirs ? std::string(theirs->bv_val, theirs->bv_len) : std::string()};
        server_said_no = true;
        return refused(Doing::signing_on, code);
    };
    const Result<std::size_t> most = sign_on(*handshake, directory.bind, tls, say);
    if (!most && server_said_no) return tl::unexpected(most.error());
    if (!most) return tl::unexpected(not_signed_on(most.error(), directory, asked, handshake->complete()));
    if (*most == 0) return {};
    seal_ = std::make_unique<Seal>(handshake, *most);
    if (!seal_->put_on(ld_)) return fail(Code::unsupported, "the LDAP library has no place for sealing");
    return {};
}

}  // namespace fairway::ldap
