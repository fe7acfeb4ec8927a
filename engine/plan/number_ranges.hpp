// Numbers as ranges ("3", "5-17"): how a plan file names what stands once in one of its tables. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fairway {

// In the order given; those that count up by one are one range.
std::vector<std::string> in_ranges(std::span<const std::size_t> numbers);

// The numbers again. Empty: a text is no range, runs backwards or reaches `below`, or there are more than `most`
// numbers.
std::optional<std::vector<std::size_t>> from_ranges(std::span<const std::string> ranges, std::size_t below,
                                                    std::size_t most);

}  // namespace fairway
