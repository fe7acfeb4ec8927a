// See otherwise.hpp. Texts are changed as they are, so that the host itself need not know both ways.
#include "otherwise.hpp"

#include <algorithm>
#include <array>

#include "fault.hpp"
#include "names.hpp"

namespace lab {
namespace {

constexpr std::array kWords = {
    "takes-locale",   "one-namespace", "batches",      "keeps-released",  "bare-items",
    "old-references", "fault-200",     "unrotated",    "needs-namespace", "asked-order",
    "other-codes",    "no-query-list", "no-bookmark",  "one-select",      "other-channel-code",
    "fresh-ids",      "no-like",       "two-elements", "method-faults",   "no-date"};

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

// The columns of the one question that a test asks against the alphabet.
void swap_columns(std::string& text) {
    const std::string first = "<IPAddress>", second = "<IPEnabled>";
    const std::string end = "</IPEnabled>";
    for (auto at = text.find(first); at != std::string::npos;) {
        const auto from = text.find(second, at);
        const auto to = text.find(end, at);
        if (from == std::string::npos || to == std::string::npos) return;
        const auto moved = text.substr(from, to + end.size() - from);
        text.erase(from, moved.size());
        text.insert(at, moved);
        at = text.find(first, to + end.size());
    }
}

}  // namespace

bool is_otherwise(const std::string& word) { return std::find(kWords.begin(), kWords.end(), word) != kWords.end(); }

std::string as_heard(const std::set<std::string>& words, std::string envelope) {
    if (words.contains("takes-locale")) {
        for (const char* name : {"w:Locale", "p:DataLocale"}) {
            const auto at = envelope.find(std::string("<") + name + " ");
            const auto end = at == std::string::npos ? at : envelope.find('>', at);
            if (end == std::string::npos) continue;
            auto head = envelope.substr(at, end - at);
            replace_all(head, "mustUnderstand=\"true\"", "mustUnderstand=\"false\"");
            envelope.replace(at, end - at, head);
        }
    }
    if (words.contains("batches") && !holds(envelope, "MaxElements"))
        replace_all(envelope, "</n:Pull>", "<n:MaxElements>20</n:MaxElements></n:Pull>");
    return envelope;
}

std::optional<Reply> refused_otherwise(const std::set<std::string>& words, Host& host, const std::string& envelope) {
    const auto is = [&](const char* word, std::string_view part) {
        return words.contains(word) && holds(envelope, part);
    };
    if (is("keeps-released", "enumeration/Release")) {
        return fault_reply(host, envelope, faults::unknown_action(action::release));
    }
    if (is("needs-namespace", "cimv2/Win32_OperatingSystem<")) {
        return fault_reply(host, envelope, faults::wrong_selectors("__cimnamespace is missing."));
    }
    if (is("no-query-list", "eventing/Subscribe")) {
        return fault_reply(host, envelope, faults::unknown_event_dialect("QueryList"));
    }
    if (words.contains("one-select") && count_of(envelope, "<Select") > 1) {
        return fault_reply(host, envelope, faults::bad_query("Only one Select is taken."));
    }
    if (is("method-faults", "No Such Key<")) return fault_reply(host, envelope, faults::not_found("StdRegProv"));
    if (is("no-like", " LIKE ")) return fault_reply(host, envelope, faults::bad_query("LIKE is not known."));
    return std::nullopt;
}

void say_otherwise(const std::set<std::string>& words, Host& host, const std::string& envelope, Reply& reply) {
    auto& text = reply.body;
    if (words.contains("one-namespace") && holds(text, "PullResponse")) {
        replace_all(text, "n:Items>", "w:Items>");
        replace_all(text, "n:EndOfSequence", "w:EndOfSequence");
    }
    if (words.contains("bare-items")) {
        replace_all(text, "<w:Item>", "");
        replace_all(text, "</w:Item>", "");
    }
    if (words.contains("old-references")) replace_all(text, "a:ReferenceParameters>", "a:ReferenceProperties>");
    if (words.contains("fault-200") && holds(text, "<s:Fault>")) reply.http_status = 200;
    if (words.contains("asked-order") && holds(envelope, "SELECT IPEnabled, IPAddress")) swap_columns(text);
    if (words.contains("two-elements") && holds(envelope, "Windows NT<")) {
        replace_all(text, "</p:EnumKey_OUTPUT>", "</p:EnumKey_OUTPUT><ReturnValue>0</ReturnValue>");
    }
    if (words.contains("other-codes")) replace_all(text, "2147749904", "2147749890");
    if (words.contains("other-channel-code")) replace_all(text, "\"15007\"", "\"2\"");
    if (words.contains("no-bookmark")) {
        const auto from = text.find("<w:Bookmark");
        const std::string end = "</w:Bookmark>";
        const auto to = text.find(end);
        if (to != std::string::npos) text.erase(from, to + end.size() - from);
    }
    if (words.contains("fresh-ids") && holds(text, "<p:Msvm_VirtualSystemMigrationServiceSettingData ")) {
        const auto asked = host.with([](Host::State& state) { return state.requests["http"]; });
        replace_all(text, "</p:InstanceID>", "-" + std::to_string(asked) + "</p:InstanceID>");
    }
}

// RFC 4121 4.2.5: the 28 bytes that were rotated to the front go back to the end, and RRC says so.
void seal_otherwise(const std::set<std::string>& words, HttpBody& sealed) {
    constexpr std::size_t kLength = 4, kHead = 16, kRotated = 28;
    const std::string before = "application/octet-stream\r\n", after = "--Encrypted Boundary--";
    const auto found = sealed.text.find(before);
    const auto end = sealed.text.rfind(after);
    if (!words.contains("unrotated") || found == std::string::npos || end == std::string::npos) return;
    const auto token = found + before.size() + kLength;
    auto& bytes = sealed.text;
    if (bytes.compare(token, 2, "\x05\x04") != 0) return;
    bytes[token + 6] = bytes[token + 7] = '\0';
    const auto at = [&](std::size_t place) { return bytes.begin() + static_cast<std::ptrdiff_t>(place); };
    std::rotate(at(token + kHead), at(token + kHead + kRotated), at(end));
}

}  // namespace lab
