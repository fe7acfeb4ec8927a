// Which names stand in quotes in a text of Windows, of whichever language? Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace fairway {

struct Quoted {
    std::string_view name;
    std::size_t bytes = 0;  // with its quotes; 0: none begins there
};
Quoted quoted_at(std::string_view text, std::size_t at);

std::vector<std::string_view> quoted_names(std::string_view text);

}  // namespace fairway
