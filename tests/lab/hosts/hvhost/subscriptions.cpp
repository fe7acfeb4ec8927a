// The shapes of Subscribe and Pull are DSP0226's (from memory), those of events and bookmarks are Windows' own as
// collectors see them pushed; that a pull holds them in the same form is assumed (ASSUMED.md).
#include "subscriptions.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "fault.hpp"
#include "guid.hpp"
#include "names.hpp"

namespace lab {
namespace {

constexpr std::size_t kEventOverhead = 2500;
constexpr std::chrono::milliseconds kLongest{60000};  // MaxTimeoutms

// xs:duration as clients write it here: PT5S, PT0.500S, PT2M.
std::chrono::milliseconds read_wait(const std::string& text) {
    if (text.empty()) return kLongest;
    double number = 0;
    std::string_view rest = text;
    if (!rest.starts_with("PT")) throw faults::schema("MaxTime is no duration of hours, minutes or seconds.");
    rest.remove_prefix(2);
    const auto [end, wrong] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    const std::string_view unit(end, static_cast<std::size_t>(rest.data() + rest.size() - end));
    if (wrong != std::errc{} || (unit != "S" && unit != "M" && unit != "H") || number < 0 || number > 1e6) {
        throw faults::schema("MaxTime is no duration of hours, minutes or seconds.");
    }
    const double seconds = unit == "H" ? number * 3600 : unit == "M" ? number * 60 : number;
    return std::min(kLongest, std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

std::size_t read_count(const std::string& text) {
    if (text.empty()) return 1;
    std::size_t count = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (wrong != std::errc{} || end != text.data() + text.size() || count == 0) {
        throw faults::schema("MaxElements is no positive number.");
    }
    return count;
}

std::string text_at(const pugi::xml_node& parent, XmlName name) { return trimmed(text_of(child_named(parent, name))); }

// A flag is an option that is nil, empty or true [MS-WSMV 3.1.4.1.30.1].
bool flag(const Request& request, std::string_view name) {
    for (const auto& option : request.options) {
        if (same_name(option.name, name)) return option.text.empty() || same_name(option.text, "true");
    }
    return false;
}

bool wants_rendered(const Request& request) {
    for (const auto& option : request.options) {
        if (!same_name(option.name, "ContentFormat")) continue;
        if (option.text == "RenderedText") return true;
        if (option.text != "Raw") throw faults::unsupported("InvalidOptions", "ContentFormat is Raw or RenderedText.");
    }
    return false;
}

void check_delivery(const pugi::xml_node& subscribe) {
    const std::string mode = child_named(subscribe, {uri::eventing, "Delivery"}).attribute("Mode").value();
    if (mode != uri::pull_mode) throw faults::unknown_delivery(mode);
}

std::vector<EventSelect> read_filter(Host& host, const Request& request) {
    auto filter = child_named(request.body, {uri::wsman, "Filter"});
    if (!filter) filter = child_named(request.body, {uri::eventing, "Filter"});
    const std::string dialect = filter.attribute("Dialect").value();
    if (dialect != uri::event_query) throw faults::unknown_event_dialect(dialect);
    const auto content = elements_of(filter);
    if (content.size() != 1 || name_of(content.front()).local != "QueryList") {
        throw faults::bad_query("The filter must hold one QueryList.");
    }
    auto selects = read_query_list(content.front());
    for (const auto& select : selects) {
        if (!host.events.has(select.channel) && !flag(request, "IgnoreChannelError")) {
            throw faults::unknown_channel(select.channel);
        }
    }
    return selects;
}

// Where to begin: at the end of the log, at its first event, or after what a bookmark names. A channel that the
// bookmark leaves out begins at its end (assumed).
std::map<std::string, std::uint64_t> read_start(Host& host, const Request& request) {
    const auto bookmark = child_named(request.body, {uri::wsman, "Bookmark"});
    if (trimmed(text_of(bookmark)) == uri::earliest || flag(request, "ReadExistingEvents")) return {};
    auto start = host.events.ends();
    if (!bookmark) return start;
    const auto lists = elements_of(bookmark);
    if (lists.size() != 1 || name_of(lists.front()).local != "BookmarkList") throw faults::invalid_bookmark();
    for (const auto entry : elements_of(lists.front())) {
        const std::string channel = entry.attribute("Channel").value();
        const std::string_view digits = entry.attribute("RecordId").value();
        std::uint64_t record = 0;
        const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), record);
        if (channel.empty() || wrong != std::errc{} || end != digits.data() + digits.size()) {
            throw faults::invalid_bookmark();
        }
        start[channel] = record;
    }
    return start;
}

std::string attribute_value(std::string_view text) { return "'" + escaped(text) + "'"; }

// Windows writes this text with single quotes.
std::string event_xml(const Event& event, const std::string& computer, bool rendered) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(event.when.time_since_epoch()).count();
    const auto time =
        fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}0000Z", fmt::gmtime(static_cast<std::time_t>(ms / 1000)), ms % 1000);
    std::string data;
    for (const auto& [name, text] : event.data) {
        data += "<Data Name=" + attribute_value(name) + ">" + escaped(text) + "</Data>";
    }
    std::string rendering;
    if (rendered) {
        constexpr std::array kLevels = {"", "Critical", "Error", "Warning", "Information"};
        rendering = fmt::format(
            "<RenderingInfo Culture='en-US'><Message>{}</Message><Level>{}</Level><Channel>{}</Channel><Provider>{}"
            "</Provider></RenderingInfo>",
            escaped(event.message), kLevels.at(std::min<std::size_t>(event.level, 4)), escaped(event.channel),
            escaped(event.provider));
    }
    return fmt::format(
        "<Event xmlns='{}'><System><Provider Name={}/><EventID>{}</EventID><Version>0</Version><Level>{}</Level>"
        "<Task>0</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime='{}'/>"
        "<EventRecordID>{}</EventRecordID><Correlation/><Execution ProcessID='2816' ThreadID='3120'/><Channel>{}"
        "</Channel><Computer>{}</Computer><Security UserID='S-1-5-18'/></System><EventData>{}</EventData>{}</Event>",
        uri::event, attribute_value(event.provider), event.id, event.level, time, event.record, escaped(event.channel),
        computer, data, rendering);
}

std::string delivered(const std::string& xml, bool cdata) {
    XmlWriter out;
    out.open("w:Event Action=\"" + std::string(uri::event_action) + "\"");
    out.raw(cdata ? "<![CDATA[" + xml + "]]>" : xml);
    out.close();
    return out.text();
}

std::string bookmark_xml(const std::map<std::string, std::uint64_t>& positions, const std::string& current) {
    XmlWriter out;
    out.open("w:Bookmark");
    out.open("BookmarkList");
    for (const auto& [channel, record] : positions) {
        out.empty("Bookmark Channel=\"" + escaped(channel) + "\" RecordId=\"" + std::to_string(record) + "\"" +
                  (channel == current ? " IsCurrent=\"true\"" : ""));
    }
    out.close();
    out.close();
    return out.text();
}

}  // namespace

EventReply Subscriptions::subscribe(Host& host, const Request& request) {
    if (name_of(request.body) != XmlName{uri::eventing, "Subscribe"}) {
        throw faults::schema("The Body must hold e:Subscribe.");
    }
    check_delivery(request.body);
    Open open{.id = new_guid(),
              .selects = read_filter(host, request),
              .done = read_start(host, request),
              .bookmark = {},
              .send_bookmarks = static_cast<bool>(child_named(request.body, {uri::wsman, "SendBookmarks"})),
              .rendered = wants_rendered(request),
              .cdata = flag(request, "CDATA")};
    const auto context = "uuid:" + new_guid();
    auto expires = text_at(request.body, {uri::eventing, "Expires"});
    XmlWriter out;
    out.open("e:SubscribeResponse xmlns:e=\"" + std::string(uri::eventing) + "\"");
    out.open("e:SubscriptionManager");
    out.leaf("a:Address", "http://" + host.estate().fqdn() + ":5985/wsman");
    out.open("a:ReferenceParameters");
    out.leaf("w:ResourceURI", uri::event_log);
    out.leaf("e:Identifier", open.id);
    out.close();
    out.close();
    out.leaf("e:Expires", expires.empty() ? "PT10M" : expires);
    out.leaf("n:EnumerationContext", context);
    out.close();
    keep(context, std::move(open));
    return {out.text()};
}

EventReply Subscriptions::pull(Host& host, const Request& request) {
    const auto context = text_at(request.body, {uri::enumeration, "EnumerationContext"});
    const auto until =
        std::chrono::steady_clock::now() + read_wait(text_at(request.body, {uri::enumeration, "MaxTime"}));
    auto room = read_count(text_at(request.body, {uri::enumeration, "MaxElements"}));
    auto open = take(context);
    std::string items;
    std::string current;
    for (std::uint64_t seen = 0; items.empty();) {
        const auto now = host.events.wait(seen, until);
        if (now == seen) {
            // Nothing came; the subscription lives on under the same context.
            keep(context, std::move(open));
            throw faults::timed_out();
        }
        seen = now;
        for (const auto& event : host.events.all()) {
            if (room == 0) break;
            if (event.record <= open.done[event.channel]) continue;
            const bool wanted = std::any_of(open.selects.begin(), open.selects.end(), [&](const EventSelect& select) {
                return same_name(select.channel, event.channel) && select.wanted(event);
            });
            if (wanted) {
                const auto item = delivered(event_xml(event, host.estate().fqdn(), open.rendered), open.cdata);
                const bool fits = items.size() + item.size() + kEventOverhead <= request.max_envelope;
                if (!fits && items.empty()) throw faults::reply_too_large(request.max_envelope);
                if (!fits) break;
                items += item;
                open.bookmark[event.channel] = event.record;
                current = event.channel;
                --room;
            }
            open.done[event.channel] = event.record;
        }
    }
    EventReply reply;
    if (open.send_bookmarks) reply.header = bookmark_xml(open.bookmark, current);
    const auto next = "uuid:" + new_guid();
    keep(next, std::move(open));
    XmlWriter out;
    out.open("n:PullResponse");
    out.leaf("n:EnumerationContext", next);
    out.open("n:Items");
    out.raw(items);
    out.close();
    out.close();
    reply.body = out.text();
    return reply;
}

EventReply Subscriptions::unsubscribe(const Request& request) {
    const std::lock_guard hold(lock_);
    const auto gone = std::erase_if(open_, [&](const auto& entry) { return entry.second.id == request.identifier; });
    if (gone == 0) throw faults::unknown_subscription();
    return {};
}

EventReply Subscriptions::release(const Request& request) {
    static_cast<void>(take(text_at(request.body, {uri::enumeration, "EnumerationContext"})));
    return {};
}

Subscriptions::Open Subscriptions::take(const std::string& context) {
    const std::lock_guard hold(lock_);
    auto found = open_.extract(context);
    if (found.empty()) throw faults::stale_enumeration();
    return std::move(found.mapped());
}

void Subscriptions::keep(const std::string& context, Open open) {
    const std::lock_guard hold(lock_);
    open_.emplace(context, std::move(open));
}

}  // namespace lab
