// EVTX files for tests: file header, one chunk and its records, with checksums that are right, around binary XML that
// may be anything. The format: libyal's "Windows XML Event Log (EVTX)". tests/binary/evtx.py writes larger ones.
#pragma once

#include <boost/crc.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairway::wmi::evtx {

inline std::string little(std::uint64_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> 8 * i);
    return out;
}

inline std::string padded(std::string text, std::size_t size) {
    text.resize(size);
    return text;
}

inline std::string checksum(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return little(crc.checksum(), 4);
}

inline std::string utf16(std::string_view ascii) {
    std::string out;
    for (const char c : ascii) out += c, out += '\0';
    return out;
}

constexpr std::size_t first_record = 512, xml_in_record = 24;

// A file with one record of that binary XML, which begins at 536 of its chunk. What is too much for a chunk is left
// out. As Windows writes them, a record's size can be divided by 8 (of others, libevtx reads three bytes behind the
// chunk).
inline std::string file_of(std::string_view xml) {
    using namespace std::string_literals;
    xml = xml.substr(0, 65536 - first_record - xml_in_record - 16);
    const std::size_t length = (xml_in_record + xml.size() + 4 + 7) / 8 * 8;
    const auto size = little(length, 4);
    const std::string record = "**\0\0"s + size + little(1, 8) + little(0x01dd000000000000, 8) +
                               padded(std::string(xml), length - xml_in_record - 4) + size;
    const std::string strings(first_record - 128, '\0');
    std::string chunk = "ElfChnk\0"s + little(1, 8) + little(1, 8) + little(1, 8) + little(1, 8) + little(128, 4) +
                        little(first_record, 4) + little(first_record + record.size(), 4) + checksum(record);
    chunk = padded(chunk, 120);
    chunk += little(0, 4) + checksum(chunk + strings) + strings + record;
    std::string header = "ElfFile\0"s + little(0, 8) + little(0, 8) + little(2, 8) + little(128, 4) + little(1, 2) +
                         little(3, 2) + little(4096, 2) + little(1, 2);
    header = padded(header, 120);
    header += little(0, 4) + checksum(header);
    return padded(header, 4096) + padded(chunk, 65536);
}

// Binary XML of elements, written one behind the other from `at` of the chunk on. Names stand in full where they are
// used.
class Xml {
public:
    explicit Xml(std::size_t at = first_record + xml_in_record) : at_(at), out_("\x0f\x01\x01\0", 4) {}

    // `inner` writes what is in it.
    template <class Inner>
    Xml& element(std::string_view name, Inner inner, std::string_view attribute = {}, std::string_view value = {}) {
        out_ += attribute.empty() ? '\x01' : '\x41';
        out_ += little(0xffff, 2);
        const std::size_t length = out_.size();
        out_ += little(0, 4);
        put_name(name);
        if (!attribute.empty()) {
            const std::size_t list = out_.size();
            out_ += little(0, 4) + '\x06';
            put_name(attribute);
            text(value);
            out_.replace(list, 4, little(out_.size() - list - 4, 4));
        }
        out_ += '\x02';
        inner(*this);
        out_ += '\x04';
        out_.replace(length, 4, little(out_.size() - length - 4, 4));
        return *this;
    }
    Xml& leaf(std::string_view name, std::string_view value) {
        return element(name, [&](Xml& in) { in.text(value); });
    }
    void text(std::string_view value) { out_ += "\x05\x01" + little(value.size(), 2) + utf16(value); }
    std::string done() const { return out_ + '\0'; }

private:
    void put_name(std::string_view name) {
        out_ += little(at_ + out_.size() + 4, 4) + little(0, 6) + little(name.size(), 2) + utf16(name) + little(0, 2);
    }

    std::size_t at_;
    std::string out_;
};

}  // namespace fairway::wmi::evtx
