// See sasl.hpp. Fact: LDAP-36.
#include "providers/ldap/wire/sasl.hpp"

#include <fmt/format.h>

namespace fairway::ldap {
namespace {

constexpr char no_layer = 1, sealing = 4;  // bits of an offer (RFC 4752 3.3)
constexpr int most_turns = 10;

// Until each has proved itself to the other. The last answer.
Result<Turn> prove(gss::Handshake& handshake, const Say& say) {
    Turn last;
    for (int number = 0; number < most_turns; ++number) {
        if (last.over && last.token.empty())
            return fail(Code::denied, "the server lets us in and did not prove that it is itself");
        const Result<std::string> token = handshake.step(last.token);
        if (!token) return tl::unexpected(token.error());
        // SPNEGO's last token comes with the success. Kerberos' is answered, if only with nothing.
        if (last.over && handshake.complete() && token->empty()) return last;
        if (last.over) return fail(Code::denied, "the server lets us in before it proved that it is itself");
        const bool proved = handshake.complete();
        Result<Turn> turn = say(*token);
        if (!turn || proved) return turn;
        last = std::move(*turn);
    }
    return fail(Code::protocol, "the server asks for more and more tokens");
}

}  // namespace

Result<LayerChoice> choose_layer(std::string_view offer, bool inside_tls) {
    const char wanted = inside_tls ? no_layer : sealing;
    if (offer.size() != 4) return fail(Code::protocol, "the server's offer of security layers is not of four bytes");
    if ((offer[0] & wanted) == 0)
        return fail(Code::denied, inside_tls ? "the server demands signing beside TLS; use `tls: none`, where we seal"
                                             : "the server offers no encryption; use TLS");
    std::size_t most = 0;
    for (const char byte : offer.substr(1)) most = most << 8 | static_cast<unsigned char>(byte);
    if (inside_tls) return LayerChoice{std::string(1, no_layer) + std::string(3, '\0'), 0};
    if (most < least_buffer)
        return fail(Code::protocol, fmt::format("the server takes sealed messages of {} bytes at most", most));
    return LayerChoice{std::string(1, sealing) + "\xff\xff\xff", most};
}

Result<std::size_t> sign_on(gss::Handshake& handshake, Bind bind, bool inside_tls, const Say& say) {
    const Result<Turn> proved = prove(handshake, say);
    if (!proved) return tl::unexpected(proved.error());
    // SPNEGO seals if the context can, and has no word about lengths.
    if (bind == Bind::gss_spnego && !proved->over)
        return fail(Code::protocol, "the server goes on with a sign-on that is complete");
    if (bind == Bind::gss_spnego) return inside_tls ? 0 : most_buffer;
    if (proved->over) return fail(Code::denied, "the server lets us in without a word about encryption");
    const Result<std::string> offer = handshake.read_signed(proved->token);
    if (!offer) return tl::unexpected(offer.error());
    const Result<LayerChoice> choice = choose_layer(*offer, inside_tls);
    if (!choice) return tl::unexpected(choice.error());
    const Result<std::string> answer = handshake.sign(choice->answer);
    if (!answer) return tl::unexpected(answer.error());
    const Result<Turn> last = say(*answer);
    if (!last) return tl::unexpected(last.error());
    if (!last->over) return fail(Code::protocol, "the server goes on with a sign-on that is complete");
    return choice->most;
}

}  // namespace fairway::ldap
