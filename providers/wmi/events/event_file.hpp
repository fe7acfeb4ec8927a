// Which events does a file hold? The forms in which people export them: XML of Event Viewer and wevtutil (with a root
// or without, below other text), JSON and CSV that PowerShell writes of Get-WinEvent, in UTF-8 or UTF-16; and Windows'
// own log files (EVTX). Pure.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "providers/wmi/events/event.hpp"

namespace fairway::wmi {

// Code::bad_input: it has none of these forms, holds no event, or more than `most_events`.
Result<EventFile> read_event_file(std::string_view bytes);

// The parts of it, for their tests. Each takes clean UTF-8.
EventFile read_event_xml(std::string_view text);
EventFile read_event_json(std::string_view text);
EventFile read_event_csv(std::string_view text);

// Of the bytes of an EVTX file.
bool is_evtx(std::string_view bytes);
EventFile read_event_evtx(std::string_view bytes);

// UTF-16 (by its byte order mark, or because its first character is of one byte) and UTF-8, as UTF-8; what is neither
// becomes U+FFFD.
std::string as_utf8(std::string_view bytes);

}  // namespace fairway::wmi
