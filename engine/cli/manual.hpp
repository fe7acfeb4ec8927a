// The pages of the manual, as man(1) reads them. What stands in a table (names, arguments, which options a command has,
// forms) is printed from it; the sentences about commands and options are those of fairway(1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairway::cli {

struct ManualPage {
    std::string name;  // fairway-audit
    int section;
};

std::vector<ManualPage> manual_pages();
// Of fairway-audit, or shortly audit; empty: fairway. Nothing: there is no such page.
std::optional<std::string> manual_page(std::string_view name);

}  // namespace fairway::cli
