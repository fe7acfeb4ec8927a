// How does a message become one that only the other end can read, and how is the other end's opened: with which calls,
// and what of it is refused? The context is there already (gss_handshake.cpp).
#include <array>
#include <fmt/format.h>

#include "providers/sign_on/gss_security.hpp"

namespace fairway::gss {

// With HEADER, DATA and PADDING, and no TRAILER, Kerberos rotates its trailer into the header (RFC 4121 4.2.5), which
// is what Windows reads; gss_wrap leaves it at the end. NTLM's library has no such call and needs none: its signature
// stands in front anyway.
Result<Sealed> Handshake::seal(std::string_view message) {
    constexpr std::size_t ntlm_signature = 16;
    Security& ours = *security_;
    const Mechanism mechanism = ours.login->mechanism();
    const std::string doing = "cannot encrypt a message for " + ours.who();
    Status status;
    OM_uint32 ignored = 0;
    int encrypted = 0;
    if (mechanism == Mechanism::ntlm) {
        gss_buffer_desc in = buffer_of(message), out = GSS_C_EMPTY_BUFFER;
        status.major = gss_wrap(&status.minor, ours.context, 1, GSS_C_QOP_DEFAULT, &in, &encrypted, &out);
        const std::string joined = taken(out);
        if (status.failed() || encrypted == 0 || joined.size() != message.size() + ntlm_signature)
            return tl::unexpected(explain(doing, status, mechanism));
        return Sealed{joined.substr(0, ntlm_signature), joined.substr(ntlm_signature)};
    }
    Sealed out{{}, std::string(message)};
    std::array<gss_iov_buffer_desc, 3> parts{};
    parts[0].type = GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE;
    parts[1].type = GSS_IOV_BUFFER_TYPE_DATA;
    parts[1].buffer = {out.data.size(), out.data.data()};
    parts[2].type = GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE;
    status.major =
        gss_wrap_iov(&status.minor, ours.context, 1, GSS_C_QOP_DEFAULT, &encrypted, parts.data(), parts.size());
    if (!status.failed()) {
        out.header.assign(static_cast<const char*>(parts[0].buffer.value), parts[0].buffer.length);
        out.data.append(static_cast<const char*>(parts[2].buffer.value), parts[2].buffer.length);
    }
    gss_release_iov_buffer(&ignored, parts.data(), parts.size());
    if (status.failed() || encrypted == 0) return tl::unexpected(explain(doing, status, mechanism));
    return out;
}

namespace {

struct Opened {
    std::string message;
    bool encrypted = false;
};

Result<Opened> open(gss_ctx_id_t context, std::string_view sealed, const std::string& doing) {
    Status status;
    int encrypted = 0;
    gss_buffer_desc in = buffer_of(sealed), out = GSS_C_EMPTY_BUFFER;
    status.major = gss_unwrap(&status.minor, context, &in, &out, &encrypted, nullptr);
    std::string message = taken(out);
    if (status.failed())
        return fail(Code::protocol,
                    fmt::format("{}: it was changed or cut on its way, or belongs to another connection", doing));
    if ((status.major & (GSS_S_DUPLICATE_TOKEN | GSS_S_OLD_TOKEN | GSS_S_UNSEQ_TOKEN | GSS_S_GAP_TOKEN)) != 0)
        return fail(Code::protocol, fmt::format("{}: it is an old one sent again, or one before it is missing", doing));
    return Opened{std::move(message), encrypted != 0};
}

}  // namespace

Result<std::string> Handshake::unseal(std::string_view sealed) {
    const std::string doing = "cannot open an encrypted message of " + security_->who();
    Result<Opened> opened = open(security_->context, sealed, doing);
    if (!opened) return tl::unexpected(opened.error());
    if (!opened->encrypted) return fail(Code::protocol, fmt::format("{}: it is signed but not encrypted", doing));
    return std::move(opened->message);
}

Result<std::string> Handshake::read_signed(std::string_view token) {
    return open(security_->context, token, "cannot read a signed message of " + security_->who())
        .map([](const Opened& opened) { return opened.message; });
}

Result<std::string> Handshake::sign(std::string_view message) {
    Status status;
    gss_buffer_desc in = buffer_of(message), out = GSS_C_EMPTY_BUFFER;
    status.major = gss_wrap(&status.minor, security_->context, 0, GSS_C_QOP_DEFAULT, &in, nullptr, &out);
    std::string token = taken(out);
    if (status.failed())
        return tl::unexpected(
            explain("cannot sign a message for " + security_->who(), status, security_->login->mechanism()));
    return token;
}

}  // namespace fairway::gss
