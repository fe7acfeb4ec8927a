// The dispatch by action, and the place where every Fault ends.
#include "wsman.hpp"

#include <utility>

#include "fault.hpp"
#include "find.hpp"
#include "names.hpp"
#include "reply.hpp"
#include "xml.hpp"

namespace lab {
namespace {

std::string body_for(Host& host, Enumerations& enumerations, const Caller& caller, const Request& request) {
    if (!caller.administrator) {
        host.count("denied");
        throw faults::access_denied();
    }
    if (request.action == action::get) {
        host.count("Get");
        const auto& info = class_or_fault(host, request.ns, request.class_name);
        return instance_xml(request.ns, get_instance(host, info, request.selectors));
    }
    if (request.action == action::enumerate) {
        host.count("Enumerate");
        return enumerations.enumerate(host, request);
    }
    if (request.action == action::pull) {
        host.count("Pull");
        return enumerations.pull(request);
    }
    if (request.action == action::release) {
        host.count("Release");
        return enumerations.release(request);
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

RequestNote note_of(const Request& request, const Transport& transport, std::size_t bytes) {
    RequestNote note;
    note.sealed = transport.sealed;
    note.tls = transport.tls;
    note.mechanism = transport.mechanism;
    note.bytes = bytes;
    note.resource = request.resource_uri;
    note.action = request.action.substr(request.action.rfind('/') + 1);
    if (request.identify) note.action = "Identify";
    if (!request.identify && request.action.starts_with(request.resource_uri + "/")) {
        note.method = std::exchange(note.action, "Invoke");
    }
    for (const auto element : elements_of(request.body)) {
        if (name_of(element).local == "Filter") note.filter = trimmed(text_of(element));
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

Reply answer(Host& host, Enumerations& enumerations, const Caller& caller, std::string_view text,
             const Transport& transport) {
    Request request;
    try {
        read_request(text, request);
        host.note(note_of(request, transport, text.size()));
        if (request.identify) {
            host.count("Identify");
            return {200, identify_envelope()};
        }
        return {200, reply_envelope(request, body_for(host, enumerations, caller, request))};
    } catch (const Fault& fault) {
        host.count("fault");
        return {fault.http_status, fault_envelope(request, fault, host.estate().fqdn())};
    }
}

}  // namespace lab
