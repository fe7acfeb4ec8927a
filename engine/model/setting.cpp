// See setting.hpp.
#include "engine/model/setting.hpp"

#include "engine/base/text.hpp"

namespace fairway {

bool disturbs(const Setting& setting, const Value& after) {
    if (setting.disturbs == Disturbs::when_off) return after == Value(false);
    return setting.disturbs == Disturbs::always;
}

std::string show(const Setting& setting, const Value& value) {
    if (const bool* on = std::get_if<bool>(&value)) return std::string(setting.words[*on ? 1 : 0]);
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* word = std::get_if<std::string>(&value)) return text::printable(*word);
    const Set& all = *as_set(value);
    if (all.empty()) return "none";
    constexpr std::size_t most = 3;
    return text::some(all, most, text::printable);
}

std::string_view name(Kind kind) { return row_of(kind).name; }

std::string_view name(Type type) {
    constexpr std::array<std::string_view, 4> names = {"boolean", "integer", "word", "set"};
    return names.at(static_cast<std::size_t>(type));
}

std::string_view name(Access access) {
    constexpr std::array<std::string_view, 3> names = {"managed", "fact", "by_command"};
    return names.at(static_cast<std::size_t>(access));
}

std::string_view name(Risk risk) {
    constexpr std::array<std::string_view, 5> names = {"low", "medium", "high", "critical", "forbidden"};
    return names.at(static_cast<std::size_t>(risk));
}

std::string_view name(Stage stage) { return stage == Stage::directory ? "directory" : "host"; }

std::string_view name(Undo undo) { return undo == Undo::exact ? "exact" : "by element"; }

}  // namespace fairway
