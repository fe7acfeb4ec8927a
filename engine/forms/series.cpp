// See series.hpp.
#include "engine/forms/series.hpp"

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace fairway::forms {
namespace {

// A label's value: a backslash, a quote and a line feed are escaped; others of that kind are written out before.
std::string label(std::string_view value) {
    std::string out;
    for (const char c : text::printable(value)) {
        if (c == '\\' || c == '"') out += '\\';
        out += c;
    }
    return out;
}

}  // namespace

Family::Family(std::string_view name, std::string_view help, std::string_view type)
    : name_(name), text_(fmt::format("# HELP fairway_{0} {1}\n# TYPE fairway_{0} {2}\n", name, help, type)) {}

void Family::add(const Labels& labels, std::int64_t value) {
    std::vector<std::string> parts;
    for (const auto& [key, of] : labels) parts.push_back(fmt::format("{}=\"{}\"", key, label(of)));
    text_ += fmt::format("fairway_{}{{{}}} {}\n", name_, text::join(parts, ","), value);
    used_ = true;
}

}  // namespace fairway::forms
