// WS-Enumeration as Windows serves it [DSP0226 8, MS-WSMV 3.1.4.1.13-17, .36].
#include "enumeration.hpp"

#include <charconv>

#include "fault.hpp"
#include "find.hpp"
#include "guid.hpp"
#include "names.hpp"
#include "reply.hpp"

namespace lab {
namespace {

// Room for the envelope and its headers around a batch.
constexpr std::size_t kEnvelopeOverhead = 1800;
constexpr std::size_t kMaxBatchItems = 32000;

enum class Mode { object, reference, both };

Mode read_mode(const pugi::xml_node& enumerate) {
    const auto text = trimmed(text_of(child_named(enumerate, {uri::wsman, "EnumerationMode"})));
    if (text.empty() || text == "EnumerateObject") return Mode::object;
    if (text == "EnumerateEPR") return Mode::reference;
    if (text == "EnumerateObjectAndEPR") return Mode::both;
    throw faults::unsupported("EnumerationMode", "The enumeration mode is not supported: " + text);
}

// Without MaxElements a batch is one item: the classic slowness of naive clients.
std::size_t read_max_elements(const pugi::xml_node& parent, std::string_view ns) {
    const auto element = child_named(parent, {ns, "MaxElements"});
    if (!element) return 1;
    const auto text = trimmed(text_of(element));
    std::size_t count = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (wrong != std::errc{} || end != text.data() + text.size() || count == 0) {
        throw faults::schema("MaxElements is no positive number.");
    }
    return std::min(count, kMaxBatchItems);
}

std::string render(std::string_view ns, const Instance& instance, Mode mode) {
    const auto reference = [&] { return reference_xml(reference_to(*find_class(ns, instance.class_name), instance)); };
    switch (mode) {
        case Mode::reference: return reference();
        case Mode::both: return "<w:Item>" + instance_xml(ns, instance) + reference() + "</w:Item>";
        case Mode::object: break;
    }
    return instance_xml(ns, instance);
}

Query read_query(const pugi::xml_node& enumerate, const Request& request) {
    auto filter = child_named(enumerate, {uri::wsman, "Filter"});
    if (!filter) filter = child_named(enumerate, {uri::enumeration, "Filter"});
    if (!filter) {
        if (request.class_name == "*") throw faults::bad_query("Enumerating * needs a filter.");
        return Select{{}, request.class_name, {}};
    }
    const std::string dialect = filter.attribute("Dialect").value();
    if (dialect != uri::wql) throw faults::unknown_dialect(dialect);
    if (request.class_name != "*") throw faults::bad_query("A WQL filter goes with the resource URI .../*.");
    return parse_wql(text_of(filter));
}

struct Batch {
    std::string items;
    bool end = false;
};

Batch cut(const std::vector<std::string>& items, std::size_t& next, std::size_t count, std::uint64_t max_envelope) {
    Batch batch;
    for (; count > 0 && next < items.size(); --count, ++next) {
        const bool fits = batch.items.size() + items[next].size() + kEnvelopeOverhead <= max_envelope;
        if (!fits && batch.items.empty()) throw faults::reply_too_large(max_envelope);
        if (!fits) break;
        batch.items += items[next];
    }
    batch.end = next == items.size();
    return batch;
}

std::string read_context(const pugi::xml_node& parent) {
    return trimmed(text_of(child_named(parent, {uri::enumeration, "EnumerationContext"})));
}

void check_body(const Request& request, std::string_view local) {
    if (name_of(request.body) != XmlName{uri::enumeration, local}) {
        throw faults::schema("The Body must hold n:" + std::string(local) + ".");
    }
}

}  // namespace

// `hidden`: the objects are not for this caller.
std::string Enumerations::enumerate(Host& host, const Request& request, bool hidden) {
    check_body(request, "Enumerate");
    const auto query = read_query(request.body, request);
    const auto mode = read_mode(request.body);
    const auto* select = std::get_if<Select>(&query);
    const bool fragments = select != nullptr && !select->columns.empty();

    Open open;
    const bool twice = host.with([](Host::State& state) { return state.shows_twice; });
    for (const auto& instance : query_instances(host, request.ns, query)) {
        if (hidden) continue;
        open.items.push_back(fragments ? fragment_xml(instance, select->columns) : render(request.ns, instance, mode));
        if (twice) open.items.push_back(open.items.back());
    }
    const bool optimized = static_cast<bool>(child_named(request.body, {uri::wsman, "OptimizeEnumeration"}));
    Batch first;
    if (optimized) {
        first = cut(open.items, open.next, read_max_elements(request.body, uri::wsman), request.max_envelope);
    }
    XmlWriter out;
    out.open("n:EnumerateResponse");
    out.leaf("n:EnumerationContext", first.end ? std::string() : keep(std::move(open)));
    if (optimized) {
        out.open("w:Items");
        out.raw(first.items);
        out.close();
    }
    if (first.end) out.empty("w:EndOfSequence");
    out.close();
    return out.text();
}

std::string Enumerations::pull(const Request& request) {
    check_body(request, "Pull");
    const auto count = read_max_elements(request.body, uri::enumeration);
    auto open = take(read_context(request.body));
    const auto batch = cut(open.items, open.next, count, request.max_envelope);
    XmlWriter out;
    out.open("n:PullResponse");
    if (!batch.end) out.leaf("n:EnumerationContext", keep(std::move(open)));
    out.open("n:Items");
    out.raw(batch.items);
    out.close();
    if (batch.end) out.empty("n:EndOfSequence");
    out.close();
    return out.text();
}

std::string Enumerations::release(const Request& request) {
    check_body(request, "Release");
    static_cast<void>(take(read_context(request.body)));
    return {};
}

Enumerations::Open Enumerations::take(const std::string& context) {
    const std::lock_guard hold(lock_);
    auto found = open_.extract(context);
    if (found.empty()) throw faults::stale_enumeration();
    return std::move(found.mapped());
}

std::string Enumerations::keep(Open open) {
    const auto context = "uuid:" + new_guid();
    const std::lock_guard hold(lock_);
    open_.emplace(context, std::move(open));
    return context;
}

}  // namespace lab
