// One row for each kind; CONTROLS.md lists what they do.
#include "mischief.hpp"

#include <algorithm>
#include <array>

#include "fault.hpp"
#include "guid.hpp"

namespace lab {
namespace {

constexpr std::array kKinds = {"html",        "empty-400", "nested-fault",     "two-lengths",    "chunked",
                               "slow",        "busy",      "wrong-relates-to", "truncated-seal", "replayed-seal",
                               "flipped-bit", "503",       "cut-before-reply", "cut-in-reply",   "cut-before-request"};

constexpr std::array kAtTheDoor = {"starting", "bare-kerberos"};

void replace_between(std::string& text, const std::string& from, const std::string& to, const std::string& with) {
    const auto begin = text.find(from);
    const auto end = text.rfind(to);
    if (begin == std::string::npos || end == std::string::npos) return;
    text.replace(begin, end + to.size() - begin, with);
}

// A provider's fault that wraps another provider's fault, as tunnels and gateways make them.
Reply nested_fault(Host& host, const std::string& envelope) {
    auto reply = fault_reply(host, envelope, faults::read_only("Msvm_VirtualSystemMigrationService"));
    const auto begin = reply.body.find("<f:WSManFault");
    const std::string end = "</f:WSManFault>";
    auto inner = reply.body.substr(begin, reply.body.rfind(end) + end.size() - begin);
    for (const char* outer : {"Middle", "Outer"}) {
        inner =
            "<f:WSManFault xmlns:f=\"http://schemas.microsoft.com/wbem/wsman/1/wsmanfault\" Code=\"2150859010\" "
            "Machine=\"x\"><f:Message><f:ProviderFault provider=\"" +
            std::string(outer) + "\" path=\"x.dll\">" + inner + "</f:ProviderFault></f:Message></f:WSManFault>";
    }
    replace_between(reply.body, "<f:WSManFault", end, inner);
    return reply;
}

}  // namespace

bool is_before_winrm(const std::string& how) {
    return std::find(kAtTheDoor.begin(), kAtTheDoor.end(), how) != kAtTheDoor.end();
}

bool is_mischief(const std::string& how) {
    return is_before_winrm(how) || std::find(kKinds.begin(), kKinds.end(), how) != kKinds.end();
}

std::optional<Reply> refused_at_once(const Mischief& mischief, Host& host, const std::string& envelope) {
    if (mischief.how == "busy") return fault_reply(host, envelope, faults::too_many_operations());
    if (mischief.how == kCutBeforeRequest) return Reply{503, {}};
    if (mischief.how == "503") return Reply{503, {}};
    return std::nullopt;
}

void spoil(const Mischief& mischief, Host& host, const std::string& envelope, Reply& reply) {
    if (mischief.how == "nested-fault") reply = nested_fault(host, envelope);
    if (mischief.how == "wrong-relates-to") {
        replace_between(reply.body, "<a:RelatesTo>", "</a:RelatesTo>",
                        "<a:RelatesTo>uuid:" + new_guid() + "</a:RelatesTo>");
    }
}

void spoil(const Mischief& mischief, const std::string& last, HttpBody& sealed) {
    constexpr std::size_t kCut = 40;
    // Well inside the sealed data, beyond the frame and the token at its head.
    const auto inside = sealed.text.size() * 3 / 4;
    if (mischief.how == "truncated-seal") sealed.text.resize(sealed.text.size() - kCut);
    if (mischief.how == "flipped-bit") sealed.text[inside] = static_cast<char>(sealed.text[inside] ^ 1);
    if (mischief.how == "replayed-seal") sealed.text = last;
}

std::string spoiled_bytes(const Mischief& mischief, const std::string& head_and_body) {
    const auto head = head_and_body.find("\r\n\r\n");
    if (mischief.how == "cut-in-reply") return head_and_body.substr(0, head + 4 + (head_and_body.size() - head) / 2);
    if (mischief.how == "two-lengths") {
        auto bytes = head_and_body;
        return bytes.insert(head, "\r\nContent-Length: 0");
    }
    return {};
}

}  // namespace lab
