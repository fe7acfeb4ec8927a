// Can a file of events of that form make us crash, or hide what it holds?
#include "tests/fuzz/event_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input = fairway::fuzz::text_of(data, size);
    if (fairway::wmi::is_evtx(input)) return 0;  // another target's
    fairway::fuzz::file_of_events(input);
    fairway::fuzz::events_of(fairway::wmi::read_event_csv(fairway::wmi::as_utf8(input)));
    return 0;
}
