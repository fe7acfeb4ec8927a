// The dispatch by action, and the place where every Fault ends.
#include "wsman.hpp"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <sstream>
#include <utility>

#include "fault.hpp"
#include "find.hpp"
#include "names.hpp"
#include "reply.hpp"
#include "rights.hpp"
#include "xml.hpp"

namespace lab {
namespace {

// The event log can be subscribed to, and nothing else [MS-WSMV 3.1.4.6].
EventReply events_for(const Resources& resources, const Request& request) {
    using Step = EventReply (*)(const Resources&, const Request&);
    struct Row {
        std::string_view action;
        const char* name;
        Step run;
    };
    static constexpr std::array kRows = {
        Row{action::subscribe, "Subscribe",
            [](const Resources& r, const Request& q) { return r.subscriptions.subscribe(r.host, q); }},
        Row{action::pull, "Pull", [](const Resources& r, const Request& q) { return r.subscriptions.pull(r.host, q); }},
        Row{action::unsubscribe, "Unsubscribe",
            [](const Resources& r, const Request& q) { return r.subscriptions.unsubscribe(q); }},
        Row{action::release, "Release",
            [](const Resources& r, const Request& q) { return r.subscriptions.release(q); }},
        Row{action::renew, "Renew",
            [](const Resources&, const Request&) -> EventReply { throw faults::cannot_renew(); }}};
    for (const auto& row : kRows) {
        if (request.action != row.action) continue;
        resources.host.count(row.name);
        return row.run(resources, request);
    }
    throw faults::unknown_action(request.action);
}

std::string objects_for(const Resources& resources, const Caller& caller, const Request& request) {
    auto& host = resources.host;
    if (request.action == action::get) {
        host.count("Get");
        const auto& info = class_or_fault(host, request.ns, request.class_name);
        if (sees_nothing(host, caller, request.ns)) throw faults::not_found(request.class_name);
        for (const auto& selector : request.selectors) host.with([&](auto& state) { state.jobs.ask(selector.text); });
        return instance_xml(request.ns, get_instance(host, info, request.selectors));
    }
    if (request.action == action::enumerate) {
        host.count("Enumerate");
        return resources.enumerations.enumerate(host, request, sees_nothing(host, caller, request.ns));
    }
    if (request.action == action::pull) {
        host.count("Pull");
        return resources.enumerations.pull(request);
    }
    if (request.action == action::release) {
        host.count("Release");
        return resources.enumerations.release(request);
    }
    if (request.action == action::put) {
        host.count("Put");
        // Nothing here is changed by Put: settings go through the service's methods.
        static_cast<void>(get_instance(host, class_or_fault(host, request.ns, request.class_name), request.selectors));
        throw faults::read_only(request.class_name);
    }
    if (request.action.starts_with(request.resource_uri + "/")) {
        host.count("Invoke");
        return invoke(host, caller, request);
    }
    throw faults::unknown_action(request.action);
}

std::string envelope_for(const Resources& resources, const Caller& caller, const Request& request) {
    check_rights(resources.host, caller, request);
    if (request.resource_uri == uri::event_log) {
        const auto reply = events_for(resources, request);
        return reply_envelope(request, reply.body, reply.header);
    }
    return reply_envelope(request, objects_for(resources, caller, request));
}

// WQL as it stands; of a QueryList, its XML.
std::string filter_text(const pugi::xml_node& filter) {
    if (elements_of(filter).empty()) return trimmed(text_of(filter));
    std::ostringstream out;
    elements_of(filter).front().print(out, "", pugi::format_raw);
    return out.str();
}

// Two requests that would do the same have the same one, also when the second is a new message.
std::string content_of(const Request& request) {
    std::ostringstream out;
    out << request.action << '\n' << request.resource_uri << '\n';
    for (const auto& selector : request.selectors) out << selector.name << '=' << selector.text << '\n';
    request.body.print(out, "", pugi::format_raw);
    return fmt::format("{:016x}", std::hash<std::string>{}(out.str()));
}

RequestNote note_of(const Request& request, const Transport& transport, std::size_t bytes) {
    RequestNote note;
    note.sealed = transport.sealed;
    note.tls = transport.tls;
    note.mechanism = transport.mechanism;
    note.bytes = bytes;
    note.content = content_of(request);
    note.resource = request.resource_uri;
    note.action = request.action.substr(request.action.rfind('/') + 1);
    if (request.identify) note.action = "Identify";
    if (!request.identify && request.action.starts_with(request.resource_uri + "/")) {
        note.method = std::exchange(note.action, "Invoke");
    }
    for (const auto element : elements_of(request.body)) {
        if (name_of(element).local == "Filter") note.filter = filter_text(element);
    }
    return note;
}

}  // namespace

bool is_identify(std::string_view text) {
    Request request;
    try {
        read_request(text, request);
    } catch (const Fault&) {
        return false;
    }
    return request.identify;
}

Reply fault_reply(Host& host, std::string_view text, const Fault& fault) {
    Request request;
    try {
        read_request(text, request);
    } catch (const Fault& wrong) {
        return {wrong.http_status, fault_envelope(request, wrong, host.estate().fqdn())};
    }
    return {fault.http_status, fault_envelope(request, fault, host.estate().fqdn())};
}

Reply answer(const Resources& resources, const Caller& caller, std::string_view text, const Transport& transport) {
    auto& host = resources.host;
    Request request;
    try {
        read_request(text, request);
        host.note(note_of(request, transport, text.size()));
        if (request.identify) {
            host.count("Identify");
            return {200, identify_envelope()};
        }
        return {200, envelope_for(resources, caller, request)};
    } catch (const Fault& fault) {
        host.count("fault");
        return {fault.http_status, fault_envelope(request, fault, host.estate().fqdn())};
    }
}

}  // namespace lab
