// What holds of every file of events, whatever its form.
#pragma once

#include "engine/base/text.hpp"
#include "providers/wmi/events/event_file.hpp"
#include "tests/fuzz/law.hpp"

namespace fairway::fuzz {

inline bool is_utf8(std::string_view text) { return text::code_points(text).has_value(); }

inline void events_of(const EventFile& file) {
    constexpr std::int64_t furthest = 253'402'300'800'000'000;  // the end of the year 9999
    law(file.events.size() <= most_events, "events have an end");
    law((file.unreadable > 0) == !file.why.empty(), "what cannot be read has a reason, and nothing else has");
    for (const LogEvent& event : file.events) {
        law(event.data.size() <= 1000, "an event has no end of data");
        law(event.time_us <= furthest && event.time_us >= -furthest, "a time is one of our calendar");
        law(is_utf8(event.message) && is_utf8(event.provider) && is_utf8(event.time), "texts are UTF-8");
    }
}

inline void file_of_events(std::string_view bytes) {
    const auto file = wmi::read_event_file(bytes);
    if (file) {
        law(!file->events.empty() || file->cut, "a file without events is refused, or was cut");
        events_of(*file);
    } else {
        law(!file.error().text.empty() && is_utf8(file.error().text), "every refusal has words");
    }
}

}  // namespace fairway::fuzz
