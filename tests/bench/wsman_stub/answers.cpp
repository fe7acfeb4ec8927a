// See answers.hpp. DSP0226 8, MS-WSMV 3.1.4.1; the reading and writing of envelopes is the lab's.
#include "tests/bench/wsman_stub/answers.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <vector>

#include "embedded.hpp"
#include "fault.hpp"
#include "names.hpp"
#include "reply.hpp"
#include "soap.hpp"
#include "tests/bench/wsman_stub/canned.hpp"
#include "tests/bench/wsman_stub/shell.hpp"
#include "wql.hpp"

namespace fairway::stub {
namespace {

using Instances = std::vector<lab::Instance>;
namespace faults = lab::faults;

constexpr std::string_view modify_settings = "ModifyServiceSettings";
constexpr std::string_view moves_property = "MaximumActiveVirtualSystemMigration";

struct Found {
    Instances instances;
    std::vector<std::string> columns;  // empty: all
    std::string what;
};

Instances of_class(std::size_t host, const lab::Request& request, std::string_view class_name) {
    Instances out = instances_of(host, request.ns, class_name);
    if (out.empty()) throw faults::unknown_class(request.ns, class_name);
    return out;
}

bool holds(const lab::Instance& instance, const lab::Keys& keys) {
    return std::all_of(keys.begin(), keys.end(), [&](const auto& key) {
        const lab::Value* value = instance.find(key.first);
        return value != nullptr && lab::same_name(lab::plain_text(*value), key.second);
    });
}

// Of LIKE the stub knows nothing: what Fairway asks here has no need of it.
bool fits(const lab::Instance& instance, const lab::Select& query) {
    return query.where.empty() || std::any_of(query.where.begin(), query.where.end(), [&](const auto& all) {
               lab::Keys keys;
               for (const lab::Condition& one : all) keys.emplace_back(one.name, one.text);
               return holds(instance, keys);
           });
}

Found find(std::size_t host, const lab::Request& request, const lab::Select& query) {
    Found out{of_class(host, request, query.class_name), query.columns, fmt::format("SELECT {}", query.class_name)};
    std::erase_if(out.instances, [&](const lab::Instance& instance) { return !fits(instance, query); });
    return out;
}

struct LinkRow {
    std::string_view association, far;
};
constexpr std::array links_of_setting = {
    LinkRow{"Msvm_ElementSettingData", service_class},
    LinkRow{"Msvm_VirtualSystemMigrationServiceSettingDataComponent", network_class}};

// The setting's neighbours: the service and the networks.
Found find(std::size_t host, const lab::Request& request, const lab::Associators& query) {
    if (!lab::same_name(query.class_name, setting_class)) throw faults::unknown_class(request.ns, query.class_name);
    if (!holds(of_class(host, request, query.class_name).front(), query.keys)) throw faults::not_found(setting_class);
    Found out{{}, {}, fmt::format("ASSOCIATORS OF {}", query.class_name)};
    for (const LinkRow& link : links_of_setting) {
        if (!query.assoc_class.empty() && !lab::same_name(query.assoc_class, link.association)) continue;
        if (!query.result_class.empty() && !lab::same_name(query.result_class, link.far)) continue;
        for (lab::Instance& far : of_class(host, request, link.far)) out.instances.push_back(std::move(far));
    }
    return out;
}

std::string filter_of(const lab::Request& request) {
    pugi::xml_node filter = lab::child_named(request.body, {lab::uri::wsman, "Filter"});
    if (!filter) filter = lab::child_named(request.body, {lab::uri::enumeration, "Filter"});
    if (!filter) return {};
    const std::string dialect = filter.attribute("Dialect").value();
    if (dialect != lab::uri::wql) throw faults::unknown_dialect(dialect);
    if (request.class_name != "*") throw faults::bad_query("A WQL filter goes with the resource URI .../*.");
    return lab::text_of(filter);
}

Found enumerate(std::size_t host, const lab::Request& request, const std::string& wql) {
    if (wql.empty())
        return {of_class(host, request, request.class_name), {}, fmt::format("Enumerate {}", request.class_name)};
    return std::visit([&](const auto& query) { return find(host, request, query); }, lab::parse_wql(wql));
}

std::string batch(const Found& found, const lab::Request& request) {
    lab::XmlWriter out;
    out.open("n:EnumerateResponse");
    out.leaf("n:EnumerationContext", "");
    out.open("w:Items");
    for (const lab::Instance& instance : found.instances)
        out.raw(found.columns.empty() ? lab::instance_xml(request.ns, instance)
                                      : lab::fragment_xml(instance, found.columns));
    out.close();
    out.empty("w:EndOfSequence");
    out.close();
    return out.text();
}

bool modifies(const lab::Request& request) {
    return request.action == fmt::format("{}/{}", request.resource_uri, modify_settings);
}

// One batch holds all, so only clients that ask for it with the Enumerate are served.
void check(const lab::Request& request) {
    if (request.action == lab::action::get) return;
    if (request.action != lab::action::enumerate) throw faults::unknown_action(request.action);
    if (lab::name_of(request.body) != lab::XmlName{lab::uri::enumeration, "Enumerate"})
        throw faults::schema("The Body must hold n:Enumerate.");
    if (!lab::child_named(request.body, {lab::uri::wsman, "OptimizeEnumeration"}))
        throw faults::unsupported("OptimizeEnumeration", "This stub serves optimized enumerations only.");
}

}  // namespace

// Done when it is answered: a job would cost the same again with every client.
std::string Answers::modify(std::size_t host, const lab::Request& request) {
    const auto given = lab::child_named(request.body, {request.resource_uri, "ServiceSettingData"});
    const auto setting = lab::parse_embedded(lab::text_of(given));
    if (!setting) throw faults::schema("ServiceSettingData must be an instance in CIM-XML.");
    for (const lab::EmbeddedProperty& property : setting->properties)
        if (property.name == moves_property && property.values) moves_[host] = std::stoull(property.values->front());
    lab::XmlWriter out;
    out.open(fmt::format("p:{}_OUTPUT xmlns:p=\"{}\"", modify_settings, request.resource_uri));
    out.leaf("p:ReturnValue", "0");
    out.close();
    return out.text();
}

Answer Answers::answer(std::size_t host, std::string_view soap) {
    lab::Request request;
    try {
        if (is_shell(soap)) return shell(soap);
        lab::read_request(soap, request);
        if (request.identify) return {200, lab::identify_envelope(), "Identify"};
        if (modifies(request))
            return {200, lab::reply_envelope(request, modify(host, request)), std::string(modify_settings)};
        check(request);
        const auto moves = moves_.find(host);
        const bool get = request.action == lab::action::get;
        const std::string wql = get ? std::string() : filter_of(request);
        std::string key = fmt::format("{} {} {} {}/{} {}", host, moves == moves_.end() ? 0 : moves->second, get,
                                      request.ns, request.class_name, wql);
        auto made = made_.find(key);
        if (made == made_.end()) {
            Found found = enumerate(host, request, wql);
            for (lab::Instance& one : found.instances)
                for (auto& property : one.properties)
                    if (moves != moves_.end() && property.name == moves_property) property.value = moves->second;
            Made fresh{get ? lab::instance_xml(request.ns, found.instances.front()) : batch(found, request),
                       get ? fmt::format("Get {}", request.class_name) : found.what};
            made = made_.emplace(std::move(key), std::move(fresh)).first;
        }
        return {200, lab::reply_envelope(request, made->second.body), made->second.what};
    } catch (const lab::Fault& fault) {
        return {fault.http_status, lab::fault_envelope(request, fault, "stub"), fmt::format("fault: {}", fault.text)};
    }
}

}  // namespace fairway::stub
