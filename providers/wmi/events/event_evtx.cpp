// See event_file.hpp. The log files of Windows themselves (EVTX: binary XML in chunks), by libevtx: each record as XML,
// which is read as that of any other file. Debian's libevtx reads behind the end of what it has: it runs confined, and
// only text comes back. Such files hold no messages.
#include <libevtx.h>

#include "engine/base/confined.hpp"
#include "engine/base/posix.hpp"
#include "providers/wmi/events/event.hpp"
#include "providers/wmi/events/event_file.hpp"

namespace fairway::wmi {
namespace {

constexpr std::size_t evtx_header = 4096, evtx_chunk = 65536;
constexpr std::size_t largest_record = 4u << 20;  // as XML; Windows logs 64 KB at most
constexpr std::size_t most_text = 256u << 20;     // of all of them: a template may say much in few bytes
constexpr char end_of_record = '\0';
constexpr char end_of_records = '\x04';  // no XML begins with it

// The record as XML; empty: it is damaged, or larger than Windows logs them. Errors are not asked for: they name
// libevtx's functions.
std::string text_of_record(libevtx_file_t* file, int index) {
    libevtx_record_t* record = nullptr;
    std::string out;
    std::size_t size = 0;
    if (libevtx_file_get_record_by_index(file, index, &record, nullptr) != 1) return out;
    if (libevtx_record_get_utf8_xml_string_size(record, &size, nullptr) == 1 && size <= largest_record) {
        out.resize(size);
        if (libevtx_record_get_utf8_xml_string(record, reinterpret_cast<std::uint8_t*>(out.data()), size, nullptr) != 1)
            out.clear();
    }
    libevtx_record_free(&record, nullptr);
    return out.substr(0, out.find('\0'));  // libevtx counts one at the end
}

// In the child, which ends when this ends: nothing is given back. Every record as XML, an empty one for each that it
// found outside the records that the file lists, and the end.
void write_records(std::string_view bytes, int out) {
    std::string copy(bytes);
    copy.append(evtx_chunk, '\0');  // libbfio 20170123 copies as much as was asked for, not as much as there is
    libbfio_handle_t* in = nullptr;
    libevtx_file_t* file = nullptr;
    int records = 0, recovered = 0;
    if (libbfio_memory_range_initialize(&in, nullptr) != 1 ||
        libbfio_memory_range_set(in, reinterpret_cast<std::uint8_t*>(copy.data()), bytes.size(), nullptr) != 1 ||
        libevtx_file_initialize(&file, nullptr) != 1 ||
        libevtx_file_open_file_io_handle(file, in, LIBEVTX_OPEN_READ, nullptr) != 1 ||
        libevtx_file_get_number_of_records(file, &records, nullptr) != 1)
        return;
    if (libevtx_file_get_number_of_recovered_records(file, &recovered, nullptr) != 1) recovered = 0;
    for (int at = 0; at < records; ++at)
        if (!write_all(out, "records", text_of_record(file, at) + end_of_record)) return;
    for (int at = 0; at < recovered; ++at)
        if (!write_all(out, "records", std::string(1, end_of_record))) return;
    (void)write_all(out, "records", {&end_of_records, 1});
}

// Of those that the header counts, the ones whose beginning is not that of a chunk.
std::size_t damaged_chunks(std::string_view bytes) {
    if (bytes.size() < evtx_header) return 0;
    std::size_t left =
        static_cast<unsigned char>(bytes[42]) | static_cast<std::size_t>(static_cast<unsigned char>(bytes[43])) << 8;
    std::size_t out = 0;
    for (std::size_t at = evtx_header; left > 0 && at < bytes.size(); at += evtx_chunk, --left)
        out += !bytes.substr(at).starts_with(std::string_view("ElfChnk\0", 8));
    return out;
}

void count_unreadable(EventFile& file, std::size_t count, std::string_view why) {
    if (count > 0 && file.unreadable == 0) file.why = why;
    file.unreadable += count;
}

}  // namespace

bool is_evtx(std::string_view bytes) { return bytes.starts_with(std::string_view("ElfFile\0", 8)); }

EventFile read_event_evtx(std::string_view bytes) {
    EventFile out;
    out.cut = bytes.size() % evtx_chunk != evtx_header;
    std::string rest;  // of a record that has not come to its end
    std::size_t total = 0;
    const auto take = [&](std::string_view piece) {
        total += piece.size();
        const std::size_t seen = rest.size();
        rest += piece;
        std::size_t from = 0;
        for (auto end = rest.find(end_of_record, seen); end != std::string::npos;
             end = rest.find(end_of_record, from)) {
            auto event = read_event_text(as_utf8(std::string_view(rest).substr(from, end - from)));
            if (event) out.events.push_back(std::move(*event));
            else count_unreadable(out, 1, "a record of it is damaged, or was deleted");
            from = end + 1;
        }
        rest.erase(0, from);
        return rest.size() <= largest_record && total <= most_text && out.events.size() < most_events;
    };
    const auto done = run_confined([&](int to) { write_records(bytes, to); }, take);
    if (!done) count_unreadable(out, 1, done.error().text);
    else if (rest != std::string_view(&end_of_records, 1) && out.events.size() < most_events)
        count_unreadable(out, 1,
                         total > most_text ? "it says too much; export the hours around the failure"
                                           : "it is damaged, so that libevtx cannot read it to its end");
    count_unreadable(out, damaged_chunks(bytes), "a part of it is damaged");
    return out;
}

}  // namespace fairway::wmi
