// Can an event or a bookmark of a host make us crash? And does a bookmark that was kept lead to the same place?
#include "providers/wmi/events/event.hpp"

#include "tests/fuzz/law.hpp"

using namespace fairway;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    const std::string repaired = wmi::xml::repaired(input);
    fuzz::law(wmi::xml::repaired(repaired) == repaired, "what is repaired stays as it is");
    wmi::Bookmark bookmark;
    if (const auto read = wmi::read_bookmark_text(input)) {
        bookmark = *read;
        const auto kept = wmi::bookmark_text(bookmark);
        if (kept) {
            const auto back = wmi::read_bookmark_text(*kept);
            fuzz::law(back && *back == bookmark, "a bookmark that was kept is the same bookmark");
        }
    }
    if (const auto event = wmi::read_event_text(input)) {
        fuzz::law(!event->channel.empty() && !event->provider.empty(), "an event has a channel and a provider");
        fuzz::law(event->data.size() <= 1000, "an event has no end of data");
        for (const auto& datum : event->data) (void)event->value(datum.name);
        wmi::advance(bookmark, *event);
        const auto before = bookmark;
        wmi::advance(bookmark, *event);
        fuzz::law(bookmark == before, "the same event again moves nothing");
    }
    return 0;
}
