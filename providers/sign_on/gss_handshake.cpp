// How is a login proved to one service, and the service to us, token by token; and which domain is it in then? It
// moves no bytes, and seals none (gss_seal.cpp).
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/sign_on/gss_realm.hpp"
#include "providers/sign_on/gss_security.hpp"
#include "providers/sign_on/gss_words.hpp"
#include "providers/sign_on/ntlm.hpp"

namespace fairway::gss {
namespace {

// NTLM's library adds the code over all three messages (MS-NLMP 3.1.5.1.2), as Windows does, only for those who show
// that they know of it, as SPNEGO does by asking this (MIT's spnego_mech.c). False: there will be none.
bool cover_all_messages(gss_ctx_id_t context) {
    gss_OID_desc require_mic{11, const_cast<char*>("\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x02")};
    gss_buffer_set_t answer = GSS_C_NO_BUFFER_SET;
    OM_uint32 minor = 0, ignored = 0;
    const OM_uint32 major = gss_inquire_sec_context_by_oid(&minor, context, &require_mic, &answer);
    gss_release_buffer_set(&ignored, &answer);
    return major == GSS_S_COMPLETE;
}

// SPNEGO offers integrity and encryption unless told not to, and Active Directory takes neither inside TLS (MS-ADTS
// 5.1.2.1). Plain Kerberos settles that afterwards (RFC 4752).
Status offer_no_layer(const Login& login) {
    Status status;
    auto handle = static_cast<gss_cred_id_t>(login.handle());
    gss_buffer_desc none = GSS_C_EMPTY_BUFFER;
    status.major = gss_set_cred_option(&status.minor, &handle, const_cast<gss_OID>(GSS_KRB5_CRED_NO_CI_FLAGS_X), &none);
    return status;
}

// What is wrong when the domain does not know the service.
Error about_service(const std::string& doing, const Service& service, const Login& login, Error error) {
    if (error.text.find(unknown_service) == std::string::npos) return error;
    if (!service.domain.empty()) return no_controller(doing, service.host, service.domain, unknown_service);
    return other_realm(doing, realm_of(login.tickets().name()), configured_realm(service.host), unknown_service)
        .value_or(error);
}

}  // namespace

Handshake::Handshake(SharedLogin login, Service service, std::string_view binding, Purpose purpose)
    : security_(new Security{std::move(login), std::move(service), std::string(binding), purpose}) {}
Handshake::~Handshake() = default;

Result<std::string> Handshake::step(std::string_view token) {
    Security& ours = *security_;
    const Mechanism mechanism = ours.login->mechanism();
    const std::string doing = "cannot sign on to " + ours.who();
    if (!ntlm::names_what_it_says(token))
        return fail(Code::protocol, doing + ": its NTLM challenge says that it names a target, and names none");
    Status status;
    if (ours.target.get() == GSS_C_NO_NAME) {
        status = mechanism == Mechanism::ntlm
                     ? ours.target.import(fmt::format("{}@{}", ours.service.type, ours.service.host),
                                          GSS_C_NT_HOSTBASED_SERVICE)
                     : ours.target.import_service(ours.service);
        if (!status.failed() && ours.purpose == Purpose::proof && mechanism == Mechanism::spnego)
            status = offer_no_layer(*ours.login);
    }
    if (status.failed()) return tl::unexpected(explain(doing, status, mechanism));
    // Confidentiality and order are asked for, so that sealing finds them (MS-WSMV 2.2.9.1).
    const OM_uint32 sealing = ours.purpose == Purpose::proof
                                  ? 0
                                  : GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
    const OM_uint32 mutual = mechanism == Mechanism::ntlm ? 0 : GSS_C_MUTUAL_FLAG;
    if (mechanism == Mechanism::ntlm && ours.context != GSS_C_NO_CONTEXT && cover_all_messages(ours.context))
        ours.named = ntlm::domain_of(token);
    gss_channel_bindings_struct bindings{};
    bindings.application_data = buffer_of(ours.binding);
    gss_buffer_desc in = buffer_of(token), out = GSS_C_EMPTY_BUFFER;
    OM_uint32 got = 0;
    status.major = gss_init_sec_context(&status.minor, static_cast<gss_cred_id_t>(ours.login->handle()), &ours.context,
                                        ours.target.get(), oid(mechanism), mutual | sealing, GSS_C_INDEFINITE,
                                        ours.binding.empty() ? GSS_C_NO_CHANNEL_BINDINGS : &bindings,
                                        token.empty() ? GSS_C_NO_BUFFER : &in, nullptr, &out, &got, nullptr);
    std::string next = taken(out);
    if (status.failed())
        return tl::unexpected(about_service(doing, ours.service, *ours.login, explain(doing, status, mechanism)));
    complete_ = (status.major & GSS_S_CONTINUE_NEEDED) == 0;
    if (complete_ && (got & mutual) != mutual)
        return fail(Code::denied, doing + ": the server did not prove that it is itself");
    if (complete_ && (got & sealing) != sealing)
        return fail(Code::denied,
                    doing + ": the server agrees to no encryption, or to none that keeps messages in order");
    return next;
}

// The principal that the ticket is for: HTTP/hv01.corp.example@CORP.EXAMPLE.
std::string Handshake::realm() const {
    if (!complete_ || security_->login->mechanism() == Mechanism::ntlm) return {};
    Name peer;
    OM_uint32 minor = 0;
    if (GSS_ERROR(gss_inquire_context(&minor, security_->context, nullptr, peer.out(), nullptr, nullptr, nullptr,
                                      nullptr, nullptr)))
        return {};
    const std::string named(realm_of(peer.text()));
    return named.empty() ? realm_of_ticket(security_->login->cache(), security_->service.type, security_->service.host)
                         : named;
}

std::string Handshake::domain() const {
    const bool kerberos = security_->login->mechanism() != Mechanism::ntlm;
    return !complete_ ? std::string{} : kerberos ? text::fold(realm()) : security_->named;
}

}  // namespace fairway::gss
