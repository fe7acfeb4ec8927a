// How is a login proved to one service, and the service to us, token by token; and which domain is it in then? It
// moves no bytes, and seals none (gss_seal.cpp).
#include <fmt/format.h>

#include "engine/base/gss_realm.hpp"
#include "engine/base/gss_security.hpp"
#include "engine/base/gss_words.hpp"
#include "engine/base/ntlm.hpp"
#include "engine/base/text.hpp"

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

}  // namespace

Handshake::Handshake(SharedLogin login, std::string_view service, std::string_view fqdn, std::string_view binding)
    : security_(new Security{std::move(login), std::string(service), std::string(fqdn), std::string(binding)}) {}
Handshake::~Handshake() = default;

Result<std::string> Handshake::step(std::string_view token) {
    Security& ours = *security_;
    const Mechanism mechanism = ours.login->mechanism();
    const std::string doing = "cannot sign on to " + ours.who();
    if (!ntlm::names_what_it_says(token))
        return fail(Code::protocol, doing + ": its NTLM challenge says that it names a target, and names none");
    Status status;
    if (ours.target.get() == GSS_C_NO_NAME)
        status = mechanism == Mechanism::ntlm
                     ? ours.target.import(fmt::format("{}@{}", ours.service, ours.fqdn), GSS_C_NT_HOSTBASED_SERVICE)
                     : ours.target.import_service(ours.service, ours.fqdn);
    if (status.failed()) return tl::unexpected(explain(doing, status, mechanism));
    // Confidentiality and order are asked for, so that sealing finds them (MS-WSMV 2.2.9.1).
    constexpr OM_uint32 sealing = GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
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
    if (status.failed()) {
        Error error = explain(doing, status, mechanism);
        constexpr std::string_view unknown = "Server not found in Kerberos database";
        if (error.text.find(unknown) != std::string::npos)
            error = other_realm(doing, realm_of(ours.login->tickets().name()), configured_realm(ours.fqdn), unknown)
                        .value_or(error);
        return tl::unexpected(std::move(error));
    }
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
    return named.empty() ? realm_of_ticket(security_->login->cache(), security_->service, security_->fqdn) : named;
}

std::string Handshake::domain() const {
    const bool kerberos = security_->login->mechanism() != Mechanism::ntlm;
    return !complete_ ? std::string{} : kerberos ? text::fold(realm()) : security_->named;
}

}  // namespace fairway::gss
