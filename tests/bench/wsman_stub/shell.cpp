// See shell.hpp.
#include "tests/bench/wsman_stub/shell.hpp"

#include <array>
#include <fmt/format.h>

#include "base64.hpp"
#include "fault.hpp"
#include "names.hpp"
#include "reply.hpp"
#include "soap.hpp"

namespace fairway::stub {
namespace {

constexpr std::string_view resource = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";
constexpr std::string_view shell_id = "11111111-2222-4333-8444-555555555555";
constexpr std::string_view command_id = "66666666-7777-4888-9999-AAAAAAAAAAAA";
constexpr std::string_view output = "EnableVirtualSystemMigration : True\r\nAuthenticationType : 1\r\n";

std::string created() {
    return fmt::format(
        "<x:ResourceCreated><a:Address>http://stub:5985/wsman</a:Address><a:ReferenceParameters><w:ResourceURI>{}/cmd"
        "</w:ResourceURI><w:SelectorSet><w:Selector Name=\"ShellId\">{}</w:Selector></w:SelectorSet>"
        "</a:ReferenceParameters></x:ResourceCreated>",
        resource, shell_id);
}

std::string started() {
    return fmt::format("<r:CommandResponse xmlns:r=\"{}\"><r:CommandId>{}</r:CommandId></r:CommandResponse>", resource,
                       command_id);
}

std::string received() {
    return fmt::format(
        "<r:ReceiveResponse xmlns:r=\"{0}\"><r:Stream Name=\"stdout\" CommandId=\"{1}\">{2}</r:Stream>"
        "<r:Stream Name=\"stdout\" CommandId=\"{1}\" End=\"true\"/><r:Stream Name=\"stderr\" CommandId=\"{1}\" "
        "End=\"true\"/><r:CommandState CommandId=\"{1}\" State=\"{0}/CommandState/Done\"><r:ExitCode>0</r:ExitCode>"
        "</r:CommandState></r:ReceiveResponse>",
        resource, command_id, lab::to_base64(output));
}

std::string signalled() { return fmt::format("<r:SignalResponse xmlns:r=\"{}\"/>", resource); }
std::string nothing() { return {}; }

struct ActionRow {
    std::string_view action, name;
    std::string (*body)();
};
constexpr std::array actions = {
    ActionRow{"http://schemas.xmlsoap.org/ws/2004/09/transfer/Create", "Create", created},
    ActionRow{"http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Command", "Command", started},
    ActionRow{"http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Receive", "Receive", received},
    ActionRow{"http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Signal", "Signal", signalled},
    ActionRow{"http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete", "Delete", nothing},
};

std::string header_text(const pugi::xml_node& header, std::string_view name) {
    return lab::trimmed(lab::text_of(lab::child_named(header, {lab::uri::addressing, name})));
}

}  // namespace

bool is_shell(std::string_view soap) { return soap.find(resource) != std::string_view::npos; }

Answer shell(std::string_view soap) {
    lab::Request request;
    pugi::xml_document document;
    if (const auto wrong = lab::parse_strict(soap, document)) throw lab::faults::malformed(*wrong);
    const auto header = lab::child_named(lab::elements_of(document).front(), {lab::uri::soap, "Header"});
    request.action = header_text(header, "Action");
    request.message_id = header_text(header, "MessageID");
    for (const ActionRow& row : actions)
        if (request.action == row.action)
            return {200, lab::reply_envelope(request, row.body()), fmt::format("shell {}", row.name)};
    throw lab::faults::unknown_action(request.action);
}

}  // namespace fairway::stub
