// See gss_library.hpp.
#include "providers/sign_on/gss_library.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "providers/sign_on/gss_realm.hpp"

namespace fairway::gss {
namespace {

gss_OID_desc spnego{6, const_cast<char*>("\x2b\x06\x01\x05\x05\x02")};  // 1.3.6.1.5.5.2, RFC 4178 section 3.1
gss_OID_desc ntlmssp{10, const_cast<char*>("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a")};  // 1.3.6.1.4.1.311.2.2.10

// A domain controller may have had a hand in the words, so they are made printable.
std::string text_of(OM_uint32 status, int type, gss_OID mechanism) {
    std::string out;
    OM_uint32 more = 0, minor = 0;
    do {
        gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
        if (GSS_ERROR(gss_display_status(&minor, status, type, mechanism, &more, &text))) break;
        if (!out.empty()) out += "; ";
        out.append(static_cast<const char*>(text.value), text.length);
        gss_release_buffer(&minor, &text);
    } while (more != 0);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

}  // namespace

gss_OID oid(Mechanism mechanism) {
    if (mechanism == Mechanism::ntlm) return &ntlmssp;
    return mechanism == Mechanism::spnego ? &spnego : gss_mech_krb5;
}

Error explain(std::string_view doing, const Status& status, Mechanism mechanism) {
    std::string words;
    if (GSS_ROUTINE_ERROR(status.major) == GSS_S_CREDENTIALS_EXPIRED) words = "Ticket expired";
    else if (status.minor != 0) words = text_of(status.minor, GSS_C_MECH_CODE, oid(mechanism));
    if (words.empty()) words = text_of(status.major, GSS_C_GSS_CODE, GSS_C_NO_OID);
    const Error means = meaning(words).value_or(
        Error{Code::denied, mechanism == Mechanism::ntlm ? "NTLM does not allow it" : "Kerberos does not allow it"});
    return {means.code, fmt::format("{}: {} (said: {})", doing, means.text, words)};
}

// gss-ntlmssp leaves a length without a value behind where it fails.
std::string taken(gss_buffer_desc& buffer) {
    std::string out;
    OM_uint32 ignored = 0;
    if (buffer.value != nullptr) out.assign(static_cast<const char*>(buffer.value), buffer.length);
    gss_release_buffer(&ignored, &buffer);
    return out;
}

class Name::Principal {
public:
    ~Principal() {
        if (context_ == nullptr) return;
        krb5_free_principal(context_, held_);
        krb5_free_context(context_);
    }
    Principal() = default;
    Principal(const Principal&) = delete;
    Principal& operator=(const Principal&) = delete;

    krb5_error_code build(const std::string& realm, const Service& service) {
        if (const auto code = krb5_init_context(&context_); code != 0) return code;
        const auto code = krb5_build_principal(context_, &held_, static_cast<unsigned>(realm.size()), realm.c_str(),
                                               service.type.c_str(), service.host.c_str(),
                                               service.domain.empty() ? nullptr : service.domain.c_str(), nullptr);
        if (code == 0)
            held_->type = KRB5_NT_SRV_INST;  // as Windows asks; the library does not look such names up in DNS
        return code;
    }
    std::string_view bytes() const { return {reinterpret_cast<const char*>(&held_), sizeof(krb5_principal)}; }

private:
    krb5_context context_ = nullptr;
    krb5_principal held_ = nullptr;
};

Name::Name() = default;
Name::~Name() {
    OM_uint32 minor = 0;
    gss_release_name(&minor, &name_);
}

Status Name::import(std::string_view text, gss_OID type) {
    Status status;
    gss_buffer_desc buffer = buffer_of(text);
    status.major = gss_import_name(&status.minor, &buffer, type, &name_);
    return status;
}

Status Name::import_service(const Service& service) {
    principal_ = std::make_unique<Principal>();
    const auto code = principal_->build(
        service.domain.empty() ? configured_realm(service.host) : in_capitals(service.domain), service);
    if (code != 0) return {GSS_S_FAILURE, static_cast<OM_uint32>(code)};
    return import(principal_->bytes(), const_cast<gss_OID>(gss_nt_krb5_principal));
}

std::string Name::text() const {
    OM_uint32 minor = 0;
    gss_buffer_desc shown = GSS_C_EMPTY_BUFFER;
    if (name_ == GSS_C_NO_NAME || GSS_ERROR(gss_display_name(&minor, name_, &shown, nullptr))) return {};
    std::string out(static_cast<const char*>(shown.value), shown.length);
    gss_release_buffer(&minor, &shown);
    while (!out.empty() && out.back() == '\0') out.pop_back();  // NTLM's library counts its end
    return out;
}

}  // namespace fairway::gss
