// Can a log file of Windows make us crash, or libevtx? An input is the binary XML of one record in a file that is right
// otherwise, or, if it begins as such files do, the whole file.
#include "tests/fuzz/event_file.hpp"
#include "tests/providers/wmi/events/evtx_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input = fairway::fuzz::text_of(data, size);
    fairway::fuzz::file_of_events(fairway::wmi::is_evtx(input) ? std::string(input)
                                                               : fairway::wmi::evtx::file_of(input));
    return 0;
}
