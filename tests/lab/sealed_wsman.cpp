// sealed-wsman HOST < ENVELOPE: posts one WS-Man request with message encryption and prints the plain reply.
// Stands in for curl, which cannot seal. It shares its framing with hvhost, so it proves that a sealed
// request is taken, and not that Windows would take it; for that seal.cpp is strict.
#include <gssapi/gssapi_krb5.h>

#include <iostream>
#include <iterator>
#include <stdexcept>

#include "base64.hpp"
#include "gss.hpp"
#include "peer.hpp"
#include "seal.hpp"

namespace {

constexpr OM_uint32 kFlags =
    GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;

int complain(const std::string& what) {
    std::cerr << "sealed-wsman: " << what << std::endl;
    return 1;
}

std::string token_in(const std::string& header) {
    const auto blank = header.find(' ');
    return blank == std::string::npos ? std::string() : lab::from_base64(header.substr(blank + 1));
}

// One step of the initiator; the context belongs to this process and ends with it.
std::string step(gss_ctx_id_t& context, const std::string& host, const std::string& token) {
    std::string service = "HTTP@" + host;
    gss_OID_desc spnego = {6, const_cast<char*>("\x2b\x06\x01\x05\x05\x02")};
    gss_buffer_desc text = {service.size(), service.data()};
    gss_buffer_desc input = {token.size(), const_cast<char*>(token.data())};
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor = 0;
    OM_uint32 ignored = 0;
    gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &name);
    const auto major =
        gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &context, name, &spnego, kFlags, 0, GSS_C_NO_CHANNEL_BINDINGS,
                             token.empty() ? GSS_C_NO_BUFFER : &input, nullptr, &output, nullptr, nullptr);
    std::string reply(static_cast<const char*>(output.value), output.length);
    gss_release_buffer(&ignored, &output);
    gss_release_name(&ignored, &name);
    if (GSS_ERROR(major) != 0) throw std::runtime_error("no security context, minor code " + std::to_string(minor));
    return reply;
}

int run(const std::string& host) {
    lab::Peer peer;
    if (!peer.connect(host, 5985)) return complain("cannot connect to " + host);
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    const auto handshake = peer.post("/wsman", "Negotiate " + lab::to_base64(step(context, host, {})), "");
    if (!handshake || handshake->status != 200) return complain("the handshake was refused");
    step(context, host, token_in(handshake->authenticate));

    const std::string plain{std::istreambuf_iterator<char>(std::cin), {}};
    const auto sealed = lab::seal(context, "Negotiate", plain);
    if (!sealed) return complain(sealed.error());
    const auto reply = peer.post("/wsman", {}, sealed->text, sealed->content_type);
    if (!reply) return complain("no reply");
    if (!lab::is_sealed(reply->type)) {
        return complain("a reply that is not sealed, HTTP " + std::to_string(reply->status));
    }
    const auto text = lab::unseal(context, "Negotiate", {reply->type, reply->body});
    if (!text) return complain(text.error());
    std::cout << *text << std::endl;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return complain("usage: sealed-wsman HOST < ENVELOPE");
    try {
        return run(argv[1]);
    } catch (const std::exception& failure) {
        return complain(failure.what());
    }
}
