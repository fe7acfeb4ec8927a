// MIT GSSAPI, as little of it as the host needs.
#include "gss.hpp"

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include <array>
#include <cstring>

#include "challenge.hpp"

namespace lab {
namespace {

using Text = tl::expected<std::string, std::string>;

constexpr OM_uint32 kFlags =
    GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;

std::string status_text(OM_uint32 status, int kind) {
    std::string text;
    OM_uint32 more = 0;
    do {
        OM_uint32 minor = 0;
        gss_buffer_desc part = GSS_C_EMPTY_BUFFER;
        if (GSS_ERROR(gss_display_status(&minor, status, kind, GSS_C_NO_OID, &more, &part)) != 0) break;
        if (!text.empty()) text += "; ";
        text.append(static_cast<const char*>(part.value), part.length);
        gss_release_buffer(&minor, &part);
    } while (more != 0);
    return text;
}

// The mechanism's part is what the KDC said; the general part adds nothing when that is known.
std::string error_text(OM_uint32 major, OM_uint32 minor) {
    return minor != 0 ? status_text(minor, GSS_C_MECH_CODE) : status_text(major, GSS_C_GSS_CODE);
}

gss_buffer_desc view(const std::string& text) { return {text.size(), const_cast<char*>(text.data())}; }

std::string taken(gss_buffer_desc& buffer) {
    std::string text(static_cast<const char*>(buffer.value), buffer.length);
    OM_uint32 minor = 0;
    gss_release_buffer(&minor, &buffer);
    return text;
}

tl::expected<gss_name_t, std::string> principal_name(const std::string& principal) {
    auto text = view(principal);
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor = 0;
    const auto major = gss_import_name(&minor, &text, GSS_KRB5_NT_PRINCIPAL_NAME, &name);
    if (GSS_ERROR(major) != 0) return tl::unexpected(error_text(major, minor));
    return name;
}

gss_OID_set_desc kerberos_only() { return {1, const_cast<gss_OID>(gss_mech_krb5)}; }

// gss-ntlmssp has no gss_wrap_iov; its gss_wrap puts the signature first.
tl::expected<SealedParts, std::string> wrap_ntlm(gss_ctx_id_t context, const std::string& plain) {
    constexpr std::size_t kSignature = 16;
    auto input = view(plain);
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor = 0;
    const auto major = gss_wrap(&minor, context, 1, GSS_C_QOP_DEFAULT, &input, nullptr, &output);
    const auto sealed = taken(output);
    if (GSS_ERROR(major) != 0) return tl::unexpected(error_text(major, minor));
    return SealedParts{sealed.substr(0, kSignature), sealed.substr(kSignature)};
}

bool same_oid(gss_const_OID a, gss_const_OID b) {
    return a != nullptr && a->length == b->length && std::memcmp(a->elements, b->elements, a->length) == 0;
}

}  // namespace

gss_OID ntlm_mechanism() {
    static gss_OID_desc oid = {10, const_cast<char*>("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a")};
    return &oid;
}

bool is_ntlm(gss_ctx_id_t context) {
    gss_OID mechanism = GSS_C_NO_OID;
    OM_uint32 minor = 0;
    const auto major =
        gss_inquire_context(&minor, context, nullptr, nullptr, nullptr, &mechanism, nullptr, nullptr, nullptr);
    return GSS_ERROR(major) == 0 && same_oid(mechanism, ntlm_mechanism());
}

tl::expected<SealedParts, std::string> wrap(gss_ctx_id_t context, std::string plain) {
    if (is_ntlm(context)) return wrap_ntlm(context, plain);
    gss_iov_buffer_desc parts[3] = {};
    parts[0].type = GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE;
    parts[1].type = GSS_IOV_BUFFER_TYPE_DATA;
    parts[1].buffer = {plain.size(), plain.data()};
    parts[2].type = GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE;
    OM_uint32 minor = 0;
    OM_uint32 ignored = 0;
    const auto major = gss_wrap_iov(&minor, context, 1, GSS_C_QOP_DEFAULT, nullptr, parts, 3);
    if (GSS_ERROR(major) != 0) return tl::unexpected(error_text(major, minor));
    SealedParts sealed{std::string(static_cast<const char*>(parts[0].buffer.value), parts[0].buffer.length),
                       std::string(static_cast<const char*>(parts[1].buffer.value), parts[1].buffer.length)};
    sealed.data.append(static_cast<const char*>(parts[2].buffer.value), parts[2].buffer.length);
    gss_release_iov_buffer(&ignored, parts, 3);
    return sealed;
}

Text unwrap(gss_ctx_id_t context, const SealedParts& sealed) {
    const auto joined = sealed.header + sealed.data;
    auto input = view(joined);
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    int confidential = 0;
    OM_uint32 minor = 0;
    const auto major = gss_unwrap(&minor, context, &input, &output, &confidential, nullptr);
    auto plain = taken(output);
    // Not GSS_ERROR: a gap or a replay is only a supplementary bit, and as bad as an error.
    if (major != GSS_S_COMPLETE) return tl::unexpected(error_text(major, minor));
    if (confidential == 0) return tl::unexpected(std::string("signed only, not sealed"));
    return plain;
}

Acceptor::~Acceptor() {
    OM_uint32 minor = 0;
    gss_delete_sec_context(&minor, &context_, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &credentials_);
}

// NTLM only for tokens that are openly NTLM's, and never hidden inside SPNEGO.
tl::expected<void, std::string> Acceptor::take_credentials(const std::string& token) {
    static gss_OID_desc spnego = {6, const_cast<char*>("\x2b\x06\x01\x05\x05\x02")};
    std::array<gss_OID_desc, 2> kerberos = {*gss_mech_krb5, spnego};
    gss_OID_set_desc wanted = {kerberos.size(), kerberos.data()};
    if (is_ntlm_token(token)) wanted = {1, ntlm_mechanism()};
    OM_uint32 minor = 0;
    auto major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &wanted, GSS_C_ACCEPT, &credentials_,
                                  nullptr, nullptr);
    if (GSS_ERROR(major) == 0 && !is_ntlm_token(token)) {
        auto inside = kerberos_only();
        major = gss_set_neg_mechs(&minor, credentials_, &inside);
    }
    if (GSS_ERROR(major) != 0) return tl::unexpected("own credentials: " + error_text(major, minor));
    return {};
}

bool is_ntlm_token(std::string_view token) { return token.starts_with(std::string_view("NTLMSSP\0", 8)); }

Text Acceptor::step(const std::string& token) {
    if (credentials_ == GSS_C_NO_CREDENTIAL) {
        if (const auto taken = take_credentials(token); !taken) return tl::unexpected(taken.error());
    }
    auto input = view(token);
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    gss_name_t client = GSS_C_NO_NAME;
    gss_channel_bindings_struct channel{};
    channel.application_data = view(binding_);
    OM_uint32 minor = 0;
    OM_uint32 flags = 0;
    const auto major = gss_accept_sec_context(&minor, &context_, credentials_, &input,
                                              binding_.empty() ? GSS_C_NO_CHANNEL_BINDINGS : &channel, &client, nullptr,
                                              &output, &flags, nullptr, nullptr);
    auto reply = taken(output);
    if (GSS_ERROR(major) != 0) return tl::unexpected(error_text(major, minor));
    complete_ = (major & GSS_S_CONTINUE_NEEDED) == 0;
    if (!complete_ && is_ntlm_token(token)) reply = name_domain(context_, reply, domain_);
    bound_ = (flags & GSS_C_CHANNEL_BOUND_FLAG) != 0;
    if (client != GSS_C_NO_NAME) {
        OM_uint32 ignored = 0;
        gss_buffer_desc name = GSS_C_EMPTY_BUFFER;
        if (complete_ && gss_display_name(&ignored, client, &name, nullptr) == GSS_S_COMPLETE) principal_ = taken(name);
        gss_release_name(&ignored, &client);
    }
    return reply;
}

Delegation::~Delegation() {
    OM_uint32 minor = 0;
    gss_delete_sec_context(&minor, &context_, GSS_C_NO_BUFFER);
    gss_release_name(&minor, &target_);
    gss_release_cred(&minor, &for_user_);
    gss_release_cred(&minor, &own_);
}

Text Delegation::start(const std::string& own_principal) {
    auto own = principal_name(own_principal);
    if (!own) return tl::unexpected(own.error());
    auto mechanisms = kerberos_only();
    OM_uint32 minor = 0;
    OM_uint32 ignored = 0;
    auto major = gss_acquire_cred(&minor, *own, GSS_C_INDEFINITE, &mechanisms, GSS_C_INITIATE, &own_, nullptr, nullptr);
    gss_release_name(&ignored, &*own);
    if (GSS_ERROR(major) != 0) return tl::unexpected("own credentials: " + error_text(major, minor));

    auto user = principal_name(user_);
    if (!user) return tl::unexpected(user.error());
    major = gss_acquire_cred_impersonate_name(&minor, own_, *user, GSS_C_INDEFINITE, &mechanisms, GSS_C_INITIATE,
                                              &for_user_, nullptr, nullptr);
    gss_release_name(&ignored, &*user);
    if (GSS_ERROR(major) != 0) return tl::unexpected("S4U2Self for " + user_ + ": " + error_text(major, minor));

    auto target = principal_name(service_);
    if (!target) return tl::unexpected(target.error());
    target_ = *target;
    auto token = step({});
    if (!token) return tl::unexpected("S4U2Proxy to " + service_ + ": " + token.error());
    return token;
}

tl::expected<void, std::string> Delegation::finish(const std::string& token) {
    return step(token).map([](const std::string&) {});
}

Text Delegation::step(const std::string& token) {
    auto input = view(token);
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor = 0;
    const auto major = gss_init_sec_context(
        &minor, for_user_, &context_, target_, const_cast<gss_OID>(gss_mech_krb5), kFlags, GSS_C_INDEFINITE,
        GSS_C_NO_CHANNEL_BINDINGS, token.empty() ? GSS_C_NO_BUFFER : &input, nullptr, &output, nullptr, nullptr);
    auto reply = taken(output);
    if (GSS_ERROR(major) != 0) return tl::unexpected(error_text(major, minor));
    return reply;
}

}  // namespace lab
