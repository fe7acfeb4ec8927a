// Which text asks for Identify, Get, Enumerate, Pull, Release or Invoke, and what does a reply say? Pure text:
// headers as DSP0226 and MS-WSMV 3.1.4.1 want them, replies read by namespace and local name. It does not
// know who carries the text.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "providers/wmi/wsman/cim.hpp"
#include "providers/wmi/wsman/fault.hpp"

namespace fairway::wmi::soap {

// How long the host may work on one request; the host lowers it to its own MaxTimeoutms, 60 s by default.
inline constexpr std::chrono::seconds operation_timeout{60};
// The default of MaxEnvelopeSizekb; a host with less lowers it (MS-WSMV 3.1.4.1.7).
inline constexpr std::string_view max_envelope_size = "512000";

// What every request but Identify starts with.
struct Heading {
    std::string to;  // the endpoint, http://host:port/wsman
    std::string id;  // uuid:…, a new one for each request
};
std::string fresh_id();

struct Query {
    std::string wql = {};       // empty: all instances of the class
    std::size_t batch = 500;    // MaxElements; without it every Pull brings one object (WMI-5, WMI-96)
    std::size_t most = 50'000;  // more objects than this are an Error, not a full memory
};

// An array parameter is several arguments of one name.
struct Argument {
    std::string name;
    std::variant<std::string, cim::Reference> value;
};

std::string resource(std::string_view wmi_namespace, std::string_view class_name);  // root/cimv2, Win32_X

// A text as WQL quotes it: 'it\'s'.
std::string wql_literal(std::string_view text);

Result<std::string> identify();
Result<std::string> get(const Heading& heading, const cim::Reference& instance);
Result<std::string> enumerate(const Heading& heading, std::string_view resource, const Query& query);
Result<std::string> pull(const Heading& heading, std::string_view resource, std::string_view context,
                         const Query& query);
Result<std::string> release(const Heading& heading, std::string_view resource, std::string_view context);
Result<std::string> invoke(const Heading& heading, const cim::Reference& target, std::string_view method,
                           std::span<const Argument> arguments);

// The Body of a reply to the request `id`. A fault is an answer too: the caller may know better than we do
// what it means. Error: this is no SOAP reply, or one to another request.
struct Reply {
    xml::Element body;
    std::optional<Fault> fault;
    xml::Element header = {};
};
Result<Reply> read_reply(std::string_view text, std::string_view id);
std::optional<Fault> fault_in(std::string_view text);  // whatever it is a reply to; empty: no fault
bool says_busy(std::string_view text);  // a fault of a host that did not take the request on; see is_busy

struct Identity {
    std::string vendor, version, protocol;
};
Result<Identity> read_identity(std::string_view text);

struct Batch {
    std::vector<cim::Instance> instances;
    std::string context;  // use the newest; meaningless once `last`
    bool last = false;
};
Result<Batch> read_batch(const xml::Element& body);

}  // namespace fairway::wmi::soap
