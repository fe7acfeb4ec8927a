// See number_ranges.hpp.
#include "engine/plan/number_ranges.hpp"

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace fairway {

std::vector<std::string> in_ranges(std::span<const std::size_t> numbers) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < numbers.size();) {
        const std::size_t first = numbers[i];
        std::size_t last = first;
        while (++i < numbers.size() && numbers[i] == last + 1) ++last;
        out.push_back(first == last ? std::to_string(first) : fmt::format("{}-{}", first, last));
    }
    return out;
}

std::optional<std::vector<std::size_t>> from_ranges(std::span<const std::string> ranges, std::size_t below,
                                                    std::size_t most) {
    std::vector<std::size_t> out;
    for (const std::string& range : ranges) {
        const auto dash = range.find('-');
        const auto first = text::number<std::size_t>(std::string_view(range).substr(0, dash));
        const auto last =
            dash == std::string::npos ? first : text::number<std::size_t>(std::string_view(range).substr(dash + 1));
        if (!first || !last || *last < *first || *last >= below || *last - *first >= most - out.size())
            return std::nullopt;
        for (std::size_t i = *first; i <= *last; ++i) out.push_back(i);
    }
    return out;
}

}  // namespace fairway
