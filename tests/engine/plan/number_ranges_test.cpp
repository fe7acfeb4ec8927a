// Numbers as ranges, and back; a plan file is input from outside.
#include "engine/plan/number_ranges.hpp"

#include <doctest/doctest.h>

namespace fairway::number_ranges_test {

using Numbers = std::vector<std::size_t>;
using Texts = std::vector<std::string>;

TEST_CASE("numbers that count up by one are one range, and come back in their order") {
    const std::vector<std::pair<Numbers, Texts>> rows = {{{}, {}},
                                                         {{3}, {"3"}},
                                                         {{0, 1}, {"0-1"}},
                                                         {{5, 6, 7, 9}, {"5-7", "9"}},
                                                         {{2, 1, 2}, {"2", "1-2"}},
                                                         {{4, 4}, {"4", "4"}}};
    for (const auto& [numbers, texts] : rows) {
        CHECK(in_ranges(numbers) == texts);
        CHECK(from_ranges(texts, 10, 10) == numbers);
    }
}

TEST_CASE("what is no range below the limit is refused, and so are too many numbers") {
    for (const char* text : {"", "-", "-1", "1-", "a", "1-b", "1-2-3", " 1", "1 ", "+1", "2-1", "10", "9-10", "0x1",
                             "18446744073709551616", "0-18446744073709551615"}) {
        const Texts one = {text};
        CHECK_MESSAGE(!from_ranges(one, 10, 10), text);
    }
    CHECK(from_ranges(Texts{"0-3"}, 10, 4).has_value());
    CHECK_FALSE(from_ranges(Texts{"0-4"}, 10, 4));
    CHECK_FALSE(from_ranges(Texts{"0-2", "0-1"}, 10, 4));
    CHECK_FALSE(from_ranges(Texts{"0"}, 10, 0));
}

}  // namespace fairway::number_ranges_test
