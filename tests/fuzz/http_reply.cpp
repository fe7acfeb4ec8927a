// Can an HTTP reply make us crash, or take for SOAP what is none? Input: the bytes of a reply, as they come from the
// network; or a status, header lines, an empty line and the body, read here as leniently as can be, so that replies
// which the strict parser would not let through reach what lies behind it too.
#include "providers/wmi/transport/http.hpp"

#include <charconv>

#include "engine/base/text.hpp"
#include "providers/wmi/transport/base64.hpp"
#include "providers/wmi/transport/challenge.hpp"
#include "tests/fuzz/law.hpp"

using namespace fairway;

namespace {

std::string_view line(std::string_view& rest) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view out = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return out;
}

wmi::HttpReply reply_of(std::string_view input) {
    wmi::HttpReply out;
    const std::string_view status = line(input);
    (void)std::from_chars(status.data(), status.data() + status.size(), out.status);
    while (!input.empty()) {
        const std::string_view header = text::trim(line(input));
        if (header.empty()) break;
        const auto colon = std::min(header.find(':'), header.size());
        const std::string_view value = text::trim(header.substr(std::min(colon + 1, header.size())));
        if (text::same_folded(header.substr(0, colon), "content-type")) out.content_type = value;
        if (text::same_folded(header.substr(0, colon), "www-authenticate")) out.challenges.emplace_back(value);
    }
    out.body = input;
    return out;
}

void check(const wmi::HttpReply& reply) {
    for (const auto sent : {wmi::Sent::token, wmi::Sent::plain, wmi::Sent::sealed}) {
        const auto soap = wmi::soap_text(reply, sent);
        const auto refusal = wmi::refusal_in(reply, sent);
        if (soap) {
            fuzz::law(*soap == reply.body, "a SOAP text is the body and nothing else");
            fuzz::law(reply.status == 400 || reply.status == 500 || reply.status / 100 == 2, "only these carry SOAP");
            fuzz::law(!text::trim(*soap).empty(), "a SOAP text is not blank");
            fuzz::law(!refusal, "what is refused is no SOAP text");
        } else {
            fuzz::law(!soap.error().text.empty(), "a refusal says why");
        }
        fuzz::law(refusal || wmi::is_success(reply.status) || !text::trim(reply.body).empty(),
                  "what is neither a success nor a fault is refused");
    }
    for (const std::string& header : reply.challenges)
        for (const wmi::Challenge& challenge : wmi::read_challenges(header))
            fuzz::law(text::is_clean_line(challenge.scheme) && !challenge.scheme.empty(), "a scheme can be shown");
    fuzz::law(!reply.challenges.empty() || wmi::offered(reply) == "nothing", "what is not offered is not shown");
    for (const char* scheme : {"Negotiate", "Kerberos", "Basic", ""}) {
        const auto token = wmi::token_of(reply, scheme);
        if (!token || !*token) continue;
        const auto back = wmi::base64::decode(wmi::base64::encode(**token));
        fuzz::law(back && *back == **token, "a token survives base64");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    if (!input.starts_with("HTTP/")) {
        check(reply_of(input));
        return 0;
    }
    const auto reply = wmi::read_http(input);
    if (reply) {
        fuzz::law(reply->status <= 999, "a status has three digits");
        fuzz::law(reply->body.size() <= size, "a body is no longer than what came");
        check(*reply);
    } else {
        fuzz::law(!reply.error().text.empty(), "a refusal says why");
    }
    return 0;
}
