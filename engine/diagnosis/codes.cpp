// See codes.hpp.
#include "engine/diagnosis/codes.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/error_codes.hpp"
#include "engine/diagnosis/cause_table.hpp"

namespace fairway {
namespace {

bool is_code(std::uint32_t code) { return find_code(code) != nullptr; }

}  // namespace

std::vector<std::uint32_t> codes_of(const LogEvent& event) {
    std::vector<std::uint32_t> out;
    const auto take = [&out](std::string_view text) {
        for (const std::uint32_t code : codes_in(text, is_code))
            if (std::find(out.begin(), out.end(), code) == out.end()) out.push_back(code);
    };
    for (const LogEvent::Datum& datum : event.data) take(datum.value);
    take(event.message);
    return out;
}

std::string show_code(std::uint32_t code) {
    const CodeCause* row = find_code(code);
    return row ? fmt::format("0x{:08X} ({})", code, row->symbol) : fmt::format("0x{:08X}", code);
}

}  // namespace fairway
