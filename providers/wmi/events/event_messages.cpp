// See event_messages.hpp: the requests. What the answers say: event_reply.cpp.
#include "providers/wmi/events/event_messages.hpp"

#include <fmt/format.h>

#include "providers/wmi/wsman/envelope.hpp"
#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi::soap {
namespace {

std::string eventing(std::string_view word) { return fmt::format("{}/{}", space::eventing, word); }

}  // namespace

// MS-WSMV 4.4, with pull delivery. The options are those that Windows' own collector sends: events as CDATA, so
// that one with odd characters does not spoil the answer. Compression is not asked for.
Result<std::string> subscribe(const Heading& heading, const EventQuery& query, const Bookmark& from) {
    if (const auto good = check(query); !good) return tl::unexpected(good.error());
    xml::Writer out;
    open_header(out, heading, space::event_log, eventing("Subscribe"), {});
    out.open("w:OptionSet").leaf("w:Option", "", {{"Name", "CDATA"}, {"xsi:nil", "true"}});
    out.leaf("w:Option", query.rendered ? "RenderedText" : "Raw", {{"Name", "ContentFormat"}});
    if (query.skip_missing) out.leaf("w:Option", "", {{"Name", "IgnoreChannelError"}, {"xsi:nil", "true"}});
    out.close().close().open("s:Body");
    out.open("e:Subscribe", {{"xmlns:e", space::eventing}});
    out.leaf("e:Delivery", "", {{"Mode", space::pull_delivery}});
    // A subscription whose answer was lost goes away by itself; Renew is not supported (MS-WSMV 3.1.4.1.30.4).
    out.leaf("e:Expires", "PT600S");
    out.open("w:Filter", {{"Dialect", space::event_query}});
    write_query_list(out, query);
    out.close().open("w:Bookmark");
    if (from.empty()) out.text(space::earliest);
    else write_bookmark(out, from);
    out.close().leaf("w:SendBookmarks", "").close();
    return close_envelope(std::move(out));
}

// DSP0226 8.3: without anything to bring within MaxTime the host answers with a TimedOut fault.
Result<std::string> pull_events(const Heading& heading, std::string_view context, const EventQuery& query) {
    xml::Writer out;
    open_envelope(out, heading, space::event_log, enumeration_action("Pull"), {});
    out.open("n:Pull").leaf("n:EnumerationContext", context);
    out.leaf("n:MaxTime", fmt::format("PT{}S", query.wait.count()));
    out.leaf("n:MaxElements", std::to_string(query.batch)).close();
    return close_envelope(std::move(out));
}

Result<std::string> unsubscribe(const Heading& heading, const Manager& manager) {
    xml::Writer out;
    open_header(out, heading, manager.reference.resource, eventing("Unsubscribe"), manager.reference.selectors);
    if (!manager.identifier.empty()) out.leaf("e:Identifier", manager.identifier, {{"xmlns:e", space::eventing}});
    out.close().open("s:Body").leaf("e:Unsubscribe", "", {{"xmlns:e", space::eventing}});
    return close_envelope(std::move(out));
}

}  // namespace fairway::wmi::soap
